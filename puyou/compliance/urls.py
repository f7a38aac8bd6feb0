"""Addresses of the room compliance."""

from django.urls import path

from puyou.compliance import views

urlpatterns = [
    path("compliance/excuses/", views.excuse_list, name="excuse_list"),
    path("compliance/excuses/new/", views.excuse_create, name="excuse_create"),
    path("compliance/excuses/<int:pk>/", views.excuse_detail, name="excuse_detail"),
    path("compliance/excuses/<int:pk>/approval/", views.excuse_approve, name="excuse_approve"),
    path("compliance/excuses/<int:pk>/rejection/", views.excuse_reject, name="excuse_reject"),
    path("compliance/excuses/<int:pk>/withdrawal/", views.excuse_withdraw, name="excuse_withdraw"),
]
