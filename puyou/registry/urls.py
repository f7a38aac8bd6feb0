"""Addresses of the registry."""

from django.urls import path

from puyou.registry.views import duties, people, points, rounds, villages

urlpatterns = [
    path("registry/", villages.village_list, name="registry"),
    path("registry/villages/<str:code>/", villages.village, name="registry_village"),
    path("registry/villages/<str:code>/point/", villages.point_confirm, name="registry_point_confirm"),
    path("registry/duties/<int:pk>/", duties.duty, name="registry_duty"),
    path("registry/duties/<int:pk>/end/", duties.duty_end, name="registry_duty_end"),
    path("registry/duties/<int:pk>/change/", duties.duty_change, name="registry_duty_change"),
    path("registry/couriers/", people.courier_list, name="registry_couriers"),
    path("registry/couriers/<int:pk>/", people.courier, name="registry_courier"),
    path("registry/devices/", people.device_list, name="registry_devices"),
    path("registry/devices/<int:pk>/", people.device, name="registry_device"),
    path("registry/rounds/", rounds.round_list, name="registry_rounds"),
    path("registry/rounds/<int:pk>/", rounds.round_page, name="registry_round"),
    path("registry/delivery-points/", points.delivery_point_list, name="registry_delivery_points"),
    path("registry/delivery-points/<int:pk>/", points.delivery_point, name="registry_delivery_point"),
]
