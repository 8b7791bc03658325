from django.urls import path

from apps.comparisons import views

app_name = "comparisons"

urlpatterns = [
    path("compare/", views.compare, name="compare"),
    path("timeline/", views.timeline, name="timeline"),
    path("function/over-time/", views.function, name="function"),
    path("sides/", views.sides, name="sides"),
    path("treatments/<int:pk>/card/", views.treatment, name="treatment"),
    path("treatments/waiting/card/", views.waits, name="waits"),
]
