"""Addresses of the alcove of supervisors."""

from django.urls import path

from puyou.cases.supervisors.views import certificate, coverage, people, rounds, tasks

ROOT = "cases/supervisors/"
urlpatterns = [
    path(ROOT, people.register, name="supervisors"),
    path(f"{ROOT}rounds/", rounds.rounds, name="supervisor_rounds"),
    path(f"{ROOT}rounds/new/", rounds.new, name="supervisor_round_new"),
    path(f"{ROOT}rounds/<int:pk>/", rounds.one, name="supervisor_round"),
    path(f"{ROOT}rounds/<int:pk>/close/", rounds.close, name="supervisor_round_close"),
    path(f"{ROOT}rounds/<int:pk>/candidates/new/", rounds.candidate_new, name="supervisor_candidate_new"),
    path(f"{ROOT}candidates/<int:pk>/", rounds.candidate, name="supervisor_candidate"),
    path(f"{ROOT}candidates/<int:pk>/review/", rounds.review, name="supervisor_candidate_review"),
    path(f"{ROOT}candidates/<int:pk>/appoint/", rounds.appoint, name="supervisor_candidate_appoint"),
    path(f"{ROOT}coverage/", coverage.show, name="supervisor_coverage"),
    path(f"{ROOT}tasks/", tasks.task_list, name="supervisor_tasks"),
    path(f"{ROOT}tasks/new/", tasks.new, name="supervisor_task_new"),
    path(f"{ROOT}tasks/<int:pk>/", tasks.one, name="supervisor_task"),
    path(f"{ROOT}tasks/<int:pk>/withdraw/", tasks.withdraw, name="supervisor_task_withdraw"),
    path(f"{ROOT}results/<int:pk>/", tasks.result, name="supervisor_result"),
    path(f"{ROOT}commendations/", people.commendations, name="supervisor_commendations"),
    path(f"{ROOT}trainings/", people.trainings, name="supervisor_trainings"),
    path(f"{ROOT}certificate/<str:number>/<str:code>/", certificate.verify, name="supervisor_certificate"),
    path(f"{ROOT}<int:pk>/", people.one, name="supervisor"),
    path(f"{ROOT}<int:pk>/letters/<int:document>/", people.letter, name="supervisor_letter"),
    path(f"{ROOT}<int:pk>/renew/", people.renew, name="supervisor_renew"),
    path(f"{ROOT}<int:pk>/end/", people.end, name="supervisor_end"),
    path(f"{ROOT}<int:pk>/commend/", people.commend, name="supervisor_commend"),
    path(f"{ROOT}<int:pk>/phone/", people.phone, name="supervisor_phone"),
    path(f"{ROOT}<int:pk>/train/", people.train, name="supervisor_train"),
]
