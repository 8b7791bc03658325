from django.conf import settings

from config.static.storage import FilesFinder


def test_what_is_typed_is_served_as_it_is_only_while_developing():
    finder = FilesFinder()
    typed = settings.BASE_DIR / "static"
    listed = {f"{storage.prefix or ''}/{path}" for path, storage in finder.list([])}
    assert {"/js/app.js", "/css/app.css", "/icons/icon.svg", "chart.js/chart.umd.js"} < listed
    assert not {path for path in listed if path.startswith(("/css/app/", "/js/forms/drafts"))}
    assert finder.find("css/app/forms.css") == str(typed / "css/app/forms.css")
    assert finder.find("bootstrap/bootstrap.min.css") is not None


def test_script_is_collected_as_it_was_joined():
    finder = FilesFinder()
    (storage,) = {storage for path, storage in finder.list([]) if path == "js/app.js"}
    with storage.open("js/app.js") as file:
        assert file.read() == finder.made["js/app.js"]
