"""Addresses of the alcove feedback."""

from django.urls import path

from puyou.cases.feedback import views

urlpatterns = [
    path("cases/feedback/", views.report_list, name="report_list"),
    path("cases/feedback/figures/", views.report_figures, name="report_figures"),
    path("cases/feedback/new/", views.report_create, name="report_create"),
]
