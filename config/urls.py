from django.urls import include, path

from apps.comparisons import public_pages
from apps.demo import views as demo_views
from apps.diary import urls as diary_urls
from apps.diary.offline import views as offline_views
from apps.users import appearance, pages, well_known
from apps.your_data import views as data_views
from config.web import health

urlpatterns = [
    path("", public_pages.home, name="home"),
    path("method/", public_pages.method, name="method"),
    path("demo/", demo_views.demo, name="demo"),
    path("privacy/", data_views.privacy, name="privacy"),
    path("source/", pages.source, name="source"),
    path("help-now/", pages.help_now, name="help_now"),
    path("appearance/", appearance.appearance, name="appearance"),
    path("offline/", offline_views.page, name="offline"),
    path("sw.js", offline_views.worker, name="worker"),
    path("manifest.webmanifest", offline_views.manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security_txt"),
    path(".well-known/change-password", well_known.change_password, name="change_password"),
    path("accounts/", include("apps.users.log_in.urls")),  # before what it takes the place of
    path("accounts/", include("allauth.urls")),
    path("settings/", include("apps.users.urls")),
    path("conditions/", include("apps.conditions.urls")),
    path("treatments/", include("apps.treatments.urls")),
    path("", include("apps.comparisons.urls")),
    path("", include(diary_urls)),
    path("", include("apps.sharing.urls")),
    path("", include("apps.your_data.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
