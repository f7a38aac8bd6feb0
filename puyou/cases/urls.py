"""Addresses of the room cases."""

from django.urls import path

from puyou.cases.archive import views as archive
from puyou.cases.beside import views as beside
from puyou.cases.officers import views as officers
from puyou.cases.papers.views import attachments, documents, materials
from puyou.cases.publicity import views as publicity
from puyou.cases.serving import views as serving
from puyou.cases.views import bulk, lists, one, procedures

urlpatterns = [
    path("cases/", lists.case_list, name="case_list"),
    path("cases/bulk/", bulk.case_bulk, name="case_bulk"),
    path("cases/notices/", lists.notice_list, name="case_notice_list"),
    path("cases/notices/read/", lists.notices_read, name="case_notices_read"),
    path("cases/procedures/", procedures.procedure_list, name="procedure_list"),
    path("cases/procedures/<slug:code>/", procedures.procedure_detail, name="procedure_detail"),
    path("cases/<int:pk>/", one.case_detail, name="case_detail"),
    path("cases/<int:pk>/materials/", materials.material_hand_in, name="material_hand_in"),
    path("cases/<int:pk>/materials/review/", materials.material_review, name="material_review"),
    path("cases/<int:pk>/documents/new/", documents.document_new, name="document_new"),
    path("cases/<int:pk>/documents/<int:document>/", documents.document_bytes, name="document_bytes"),
    path("cases/templates/", documents.template_list, name="template_list"),
    path("cases/templates/<int:pk>/", documents.template_bytes, name="template_bytes"),
    path("cases/templates/<slug:code>/new/", documents.template_new, name="template_new"),
    path("cases/<int:pk>/drafts/new/", documents.draft_new, name="draft_new"),
    path("cases/<int:pk>/drafts/<int:draft>/", documents.draft_edit, name="draft_edit"),
    path("cases/<int:pk>/drafts/<int:draft>/issue/", documents.draft_issue, name="draft_issue"),
    path("cases/<int:pk>/drafts/<int:draft>/drop/", documents.draft_drop, name="draft_drop"),
    path("cases/<int:pk>/documents/<int:document>/service/", serving.service_new, name="service_new"),
    path("cases/<int:pk>/documents/<int:document>/scan/", documents.scan_tie, name="scan_tie"),
    path("cases/<int:pk>/attachments/new/", attachments.attachment_new, name="attachment_new"),
    path("cases/<int:pk>/attachments/<int:paper>/", attachments.attachment_bytes, name="attachment_bytes"),
    path(
        "cases/<int:pk>/attachments/<int:paper>/withdraw/",
        attachments.attachment_withdraw,
        name="attachment_withdraw",
    ),
    path("cases/archive/", archive.archive_list, name="archive_list"),
    path("cases/<int:pk>/archive/new/", archive.archive_new, name="archive_new"),
    path("cases/<int:pk>/archive/<int:archive>/", archive.archive_bytes, name="archive_bytes"),
    path("cases/<int:pk>/notes/new/", beside.note_new, name="note_new"),
    path("cases/<int:pk>/notes/<int:note>/withdraw/", beside.note_withdraw, name="note_withdraw"),
    path("cases/<int:pk>/links/new/", beside.link_new, name="link_new"),
    path("cases/<int:pk>/links/<int:link>/end/", beside.link_end, name="link_end"),
    path("cases/qualifications/", officers.qualification_list, name="qualification_list"),
    path("cases/qualifications/new/", officers.qualification_new, name="qualification_new"),
    path("cases/qualifications/<int:pk>/end/", officers.qualification_end, name="qualification_end"),
    path("cases/<int:pk>/recusals/new/", officers.recusal_new, name="recusal_new"),
    path("cases/<int:pk>/recusals/<int:recusal>/", officers.recusal_decide, name="recusal_decide"),
    path("cases/<int:pk>/publications/new/", publicity.publication_new, name="publication_new"),
    path(
        "cases/<int:pk>/publications/<int:publication>/withdraw/",
        publicity.publication_withdraw,
        name="publication_withdraw",
    ),
    path("cases/<int:pk>/watch/", one.case_watch, name="case_watch"),
    path("cases/<int:pk>/actions/<slug:code>/", one.case_act, name="case_act"),
]
