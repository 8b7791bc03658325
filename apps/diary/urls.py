from django.urls import path

from apps.diary.agreed import views as agreed_views
from apps.diary.calls import views as call_views
from apps.diary.entries import views as entry_views
from apps.diary.function import views as function_views
from apps.diary.offline import views as offline_views
from apps.diary.reading import views as reading_views
from apps.diary.red_flags import views as red_flag_views
from apps.diary.reminders import views as reminder_views
from apps.diary.self_tests import views as self_test_views
from apps.diary.today import rhythm_views
from apps.diary.today import views as today_views
from apps.diary.waiting import views as waiting_views
from apps.diary.writing import views

app_name = "diary"

urlpatterns = [
    path("today/", today_views.today, name="today"),
    path("today/home-screen/", today_views.home_screen_told, name="home_screen_told"),
    path("today/undo/", today_views.take_back, name="take_back"),
    path("diary/", reading_views.diary_list, name="list"),
    path("diary/month/", reading_views.this_month, name="this_month"),
    path("diary/<int:year>/<int:month>/", reading_views.month, name="month"),
    path("diary/<int:year>/<int:month>/<int:day>/", reading_views.day, name="day"),
    path("diary/undo/", entry_views.undo, name="undo"),
    path("check-ins/new/", views.checkin_create, name="checkin_create"),
    path("check-ins/<int:pk>/edit/", views.checkin_edit, name="checkin_edit"),
    path("check-ins/<int:pk>/delete/", views.checkin_delete, name="checkin_delete"),
    path("sessions/start/", views.session_start, name="session_start"),
    path("sessions/start/together/", views.session_start_together, name="session_start_together"),
    path("sessions/new/", views.session_create, name="session_create"),
    path("sessions/<int:pk>/", today_views.session_running, name="session_running"),
    path("sessions/<int:pk>/finish/", views.session_finish, name="session_finish"),
    path("sessions/<int:pk>/after/", views.session_after, name="session_after"),
    path(
        "sessions/kept/<uuid:client_id>/finish/",
        views.session_finish_kept,
        name="session_finish_kept",
    ),
    path("sessions/<int:pk>/close/", views.session_close, name="session_close"),
    path("sessions/<int:pk>/edit/", views.session_edit, name="session_edit"),
    path("sessions/<int:pk>/delete/", views.session_delete, name="session_delete"),
    path("red-flags/", red_flag_views.red_flags, name="red_flags"),
    path("red-flags/<int:pk>/", red_flag_views.ticked, name="red_flags_ticked"),
    path("red-flags/both-legs/<int:pk>/", red_flag_views.both_legs, name="both_legs"),
    path("red-flags/seen/", red_flag_views.seen, name="red_flags_seen"),
    path("red-flags/seen/<int:pk>/delete/", red_flag_views.not_seen, name="red_flags_not_seen"),
    path("rhythm/", rhythm_views.rhythm, name="rhythm"),
    path("rhythm/not-now/", rhythm_views.not_now, name="rhythm_not_now"),
    path("function/", function_views.function, name="function"),
    path("function/skip/", function_views.function_skip, name="function_skip"),
    path("function/take-back/", function_views.function_take_back, name="function_take_back"),
    path("function/activities/new/", function_views.activity_create, name="activity_create"),
    path(
        "function/activities/<int:pk>/make-one/",
        function_views.activity_make_one,
        name="activity_make_one",
    ),
    path("function/activities/<int:pk>/edit/", function_views.activity_edit, name="activity_edit"),
    path(
        "function/activities/<int:pk>/archive/",
        function_views.activity_archive,
        name="activity_archive",
    ),
    path(
        "function/activities/<int:pk>/unarchive/",
        function_views.activity_unarchive,
        name="activity_unarchive",
    ),
    path(
        "function/activities/<int:pk>/delete/",
        function_views.activity_delete,
        name="activity_delete",
    ),
    path("agreed/", agreed_views.agreed_list, name="agreed_list"),
    path("agreed/new/", agreed_views.agreed_create, name="agreed_create"),
    path("agreed/<int:pk>/edit/", agreed_views.agreed_edit, name="agreed_edit"),
    path("agreed/<int:pk>/delete/", agreed_views.agreed_delete, name="agreed_delete"),
    path("agreed/<int:pk>/done/", agreed_views.agreed_tick, name="agreed_tick"),
    path("self-tests/sessions/<int:pk>/", self_test_views.moment, name="self_test_moment"),
    path(
        "self-tests/sessions/<int:pk>/break-off/",
        self_test_views.break_off,
        name="self_test_break_off",
    ),
    path("settings/waiting/", waiting_views.wait_settings, name="wait_settings"),
    path("settings/reminders/", reminder_views.reminders, name="reminders"),
    path("settings/reminders/again/", reminder_views.reminders_again, name="reminders_again"),
    path(
        "settings/reminders/calendar/make/",
        reminder_views.calendar_make,
        name="calendar_make",
    ),
    path(
        "settings/reminders/calendar/change/",
        reminder_views.calendar_change,
        name="calendar_change",
    ),
    path("settings/reminders/calendar/end/", reminder_views.calendar_end, name="calendar_end"),
    path("settings/calls/", call_views.calls, name="calls"),
    path("settings/calls/declined/", call_views.calls_declined, name="calls_declined"),
    path("settings/calls/devices/new/", call_views.device_add, name="device_add"),
    path("settings/calls/devices/renew/", call_views.device_renew, name="device_renew"),
    path("settings/calls/devices/<int:pk>/end/", call_views.device_end, name="device_end"),
    path("reminders/off/<str:token>/", reminder_views.reminders_off, name="reminders_off"),
    path("calendar/<str:secret>.ics", reminder_views.calendar, name="calendar"),
    path("kept/", offline_views.kept, name="kept"),
]
