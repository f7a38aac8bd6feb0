"""Addresses of the room: ``/v/`` stands on notices in villages, ``/portal/`` is the public's."""

from django.urls import URLPattern, path

from puyou.portal.open311 import views as open311
from puyou.portal.views import cards, front, notices, office, reporting, results, tracking

urlpatterns: list[URLPattern] = [
    path("v/", notices.enter, name="village_notice_enter"),
    path("v/<str:code>/", notices.show, name="village_notice"),
    path("portal/", front.show, name="portal"),
    path("portal/feedback/", reporting.begin, name="feedback"),
    path("portal/feedback/here/", reporting.here, name="feedback_here"),
    path("portal/feedback/new/", reporting.new, name="feedback_new"),
    path("portal/feedback/receipt/", reporting.receipt, name="feedback_receipt"),
    path("portal/feedback/track/", tracking.track, name="feedback_track"),
    path("portal/feedback/report/", tracking.show, name="feedback_report"),
    path("portal/feedback/report/<str:kind>/", tracking.step, name="feedback_report_step"),
    path("portal/results/", results.list_results, name="published_results"),
    path("portal/results/<int:pk>/", results.show_result, name="published_result"),
    path("portal/cards/", cards.list_cards, name="public_cards"),
    path("portal/cards/<int:pk>/", cards.show_card, name="public_card"),
    path("portal/cards/<int:pk>/file.<str:kind>", cards.card_file, name="public_card_file"),
    path("portal/notices/", office.list_notices, name="notices"),
    path("portal/notices/new/", office.issue, name="notice_issue"),
    path("portal/notices/sheet/", office.sheet, name="notice_sheet"),
    path("portal/notices/<int:pk>/end/", office.end, name="notice_end"),
    path("portal/words/", office.list_words, name="villager_words"),
]

for form in ("json", "xml"):
    root, said = "open311/v2/", {"form": form}
    urlpatterns += [
        path(f"{root}discovery.{form}", open311.discovery, said, name=f"open311_discovery_{form}"),
        path(f"{root}services.{form}", open311.services, said, name=f"open311_services_{form}"),
        path(f"{root}services/<slug:code>.{form}", open311.service, said, name=f"open311_service_{form}"),
        path(f"{root}requests.{form}", open311.requests, said, name=f"open311_requests_{form}"),
        path(
            f"{root}requests/<slug:number>.{form}", open311.one_request, said, name=f"open311_request_{form}"
        ),
        path(f"{root}tokens/<uuid:identifier>.{form}", open311.token, said, name=f"open311_token_{form}"),
    ]
