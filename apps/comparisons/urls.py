from django.urls import path

from apps.comparisons import views
from apps.comparisons.self_tests import views as self_test_views
from apps.comparisons.what_it_can_tell import what_it_can_tell

app_name = "comparisons"

urlpatterns = [
    path("compare/", views.compare, name="compare"),
    path("compare/what-it-can-tell/", what_it_can_tell, name="what_it_can_tell"),
    path("timeline/", views.timeline, name="timeline"),
    path("function/over-time/", views.function, name="function"),
    path("sides/", views.sides, name="sides"),
    path("treatments/<int:pk>/card/", views.treatment, name="treatment"),
    path(
        "treatments/<int:treatment_pk>/self-test/", self_test_views.create, name="self_test_create"
    ),
    path("self-tests/<int:pk>/", self_test_views.detail, name="self_test"),
    path("self-tests/<int:pk>/end/", self_test_views.end_now, name="self_test_end"),
    path("seals/<int:pk>/open/", self_test_views.open_seal, name="seal_open"),
    path("treatments/waiting/card/", views.waits, name="waits"),
]
