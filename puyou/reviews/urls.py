"""Addresses of the room reviews."""

from django.urls import path

from puyou.reviews.views import deciding, lists

urlpatterns = [
    path("reviews/", lists.review_queue, name="review_queue"),
    path("reviews/days/", lists.review_days, name="review_days"),
    path("reviews/day/", deciding.review_day, name="review_day"),
    path("reviews/proposals/", lists.proposal_list, name="proposal_list"),
    path("reviews/questions/", lists.question_list, name="question_list"),
    path("reviews/appeals/", lists.appeal_list, name="appeal_list"),
    path("reviews/couriers/", lists.courier_list, name="review_couriers"),
    path("reviews/couriers/<int:pk>/", lists.courier, name="review_courier"),
    path("reviews/<uuid:identifier>/", deciding.review_visit, name="review_visit"),
]
