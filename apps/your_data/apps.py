from django.apps import AppConfig


class YourDataConfig(AppConfig):
    name = "apps.your_data"
