"""Addresses of signing in and of the pages about people."""

from django.urls import path

from puyou.accounts.views import keys, offices, people, powers, sessions, sign_in

urlpatterns = [
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("password/", sign_in.password, name="password"),
    path("sessions/", sessions.my_sessions, name="my_sessions"),
    path("keys/", keys.my_keys, name="my_keys"),
    path("keys/new/", keys.key_issue, name="key_issue"),
    path("keys/<int:pk>/end/", keys.key_end, name="key_end"),
    path("sessions/others/end/", sessions.session_end_others, name="session_end_others"),
    path("sessions/<int:pk>/end/", sessions.session_end, name="session_end"),
    path("system/sessions/", sessions.all_sessions, name="all_sessions"),
    path("system/sessions/<int:pk>/", sessions.session_page, name="account_session"),
    path("system/accounts/", people.people, name="account_people"),
    path("system/accounts/people/<int:pk>/", people.person, name="account_person"),
    path("system/accounts/people/<int:pk>/password/", people.password_reset, name="account_password_reset"),
    path("system/accounts/people/<int:pk>/suspension/", people.person_suspend, name="account_suspend"),
    path("system/accounts/people/<int:pk>/resumption/", people.person_resume, name="account_resume"),
    path("system/accounts/organisations/", offices.organisations, name="account_organisations"),
    path("system/accounts/organisations/<int:pk>/", offices.organisation, name="account_organisation"),
    path(
        "system/accounts/organisations/<int:pk>/new/",
        offices.organisation_create,
        name="account_organisation_create",
    ),
    path(
        "system/accounts/organisations/<int:pk>/posts/new/", offices.post_create, name="account_post_create"
    ),
    path(
        "system/accounts/organisations/<int:pk>/people/new/",
        people.person_create,
        name="account_person_create",
    ),
    path("system/accounts/posts/<int:pk>/", offices.post, name="account_post"),
    path(
        "system/accounts/posts/<int:pk>/appointments/new/",
        powers.appointment_create,
        name="account_appointment_create",
    ),
    path("system/accounts/posts/<int:pk>/grants/new/", powers.grant_create, name="account_grant_create"),
    path(
        "system/accounts/appointments/<int:pk>/end/", powers.appointment_end, name="account_appointment_end"
    ),
    path("system/accounts/grants/<int:pk>/end/", powers.grant_end, name="account_grant_end"),
]
