"""Addresses of the room plans."""

from django.urls import path

from puyou.plans.views import making, place_sets, plans, scenarios, tasks

urlpatterns = [
    path("plans/", plans.home, name="plans"),
    path("plans/new/", making.plan_new, name="plan_new"),
    path("plans/tasks/new/", making.list_new, name="task_list_new"),
    path("plans/tasks/<slug:code>/new/", making.task_new, name="task_new"),
    path("plans/<slug:code>/indicators/new/", making.plan_indicator_new, name="plan_indicator_new"),
    path(
        "plans/<slug:code>/indicators/<int:pk>/edit/", making.plan_indicator_edit, name="plan_indicator_edit"
    ),
    path("plans/sets/", place_sets.set_list, name="plan_sets"),
    path("plans/sets/import/", place_sets.set_import, name="plan_set_import"),
    path("plans/sets/<slug:code>/", place_sets.set_detail, name="plan_set"),
    path("plans/tasks/overdue/", tasks.overdue_list, name="task_overdue"),
    path("plans/tasks/parts/<int:pk>/", tasks.part_detail, name="task_part"),
    path("plans/tasks/parts/<int:pk>/report/", tasks.part_report, name="task_report"),
    path("plans/tasks/parts/<int:pk>/assign/", tasks.part_assign, name="task_assign"),
    path("plans/tasks/reports/<int:pk>/decide/", tasks.report_decide, name="task_report_decide"),
    path("plans/tasks/reports/<int:pk>/files/<int:paper>/", tasks.report_file, name="task_report_file"),
    path("plans/tasks/<slug:code>/", tasks.task_list, name="task_list"),
    path("plans/tasks/<slug:code>/publish/", tasks.list_publish, name="task_publish"),
    path("plans/tasks/<slug:code>/revisions/<int:number>/", tasks.list_revision, name="task_revision"),
    path("plans/<slug:code>/", plans.plan_detail, name="plan"),
    path("plans/<slug:code>/gaps/", plans.gap_list, name="plan_gaps"),
    path("plans/<slug:code>/evaluation/", plans.evaluation, name="plan_evaluate"),
    path("plans/<slug:code>/evaluation/<int:number>/", plans.evaluation_detail, name="plan_evaluation"),
    path("plans/<slug:code>/scenario/", scenarios.scenario, name="plan_scenario"),
    path("plans/<slug:code>/indicators/<int:pk>/", plans.indicator_detail, name="plan_indicator"),
    path("plans/<slug:code>/indicators/<int:pk>/targets/", plans.target_edit, name="plan_targets"),
]
