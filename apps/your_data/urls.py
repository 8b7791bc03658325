from django.urls import path

from apps.your_data import views
from apps.your_data.importing import views as import_views
from apps.your_data.measures import views as measures_views

app_name = "your_data"

urlpatterns = [
    path("your-data/", views.data, name="data"),
    path("your-data/import/", import_views.import_file, name="import"),
    path("your-data/import/preview/", import_views.preview, name="import_preview"),
    path("your-data/import/columns/", import_views.columns, name="import_columns"),
    path("your-data/import/questions/", import_views.answers, name="import_questions"),
    path("your-data/import/leave/", import_views.leave, name="import_leave"),
    path("your-data/import/take-back/", import_views.take_back, name="import_take_back"),
    path("your-data/measures/", measures_views.measures, name="measures"),
    path("your-data/measures/delete/", measures_views.delete, name="measures_delete"),
    path("settings/erase/", views.erase, name="erase"),
    path("your-data/export.<str:file_format>", views.export, name="export"),
]
