"""A file on its way in: it is looked at, and then imported or left."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from apps.diary.models import ImportedFile
from apps.users.security_events import Kind, record
from apps.your_data.foreign.answers import AnswersForm
from apps.your_data.foreign.file import foreign_file
from apps.your_data.foreign.form import ColumnsForm, HeaderForm
from apps.your_data.foreign.questions import questions
from apps.your_data.importing import days, taking_back
from apps.your_data.importing import preview as previews
from apps.your_data.importing.turns import BUSY, BusyError, turn
from apps.your_data.views import IMPORTED, MOST_BYTES, DiaryFileForm, data_page
from config.postgres import acting

FIRST_ROWS = 5
MOST_BYTES_OF_A_DEMO = 256 * 1024
HAS_PROBLEMS = _lazy("This file has problems: see the table above.")


@csrf_exempt  # looking for the token would read the whole file; _import_file asks for it
@require_POST
def import_file(request):
    """Refuse what is too large by its stated length, before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    most = MOST_BYTES_OF_A_DEMO if request.user.demo_until else MOST_BYTES
    if length.isascii() and length.isdecimal() and int(length) <= most:
        return _import_file(request)
    said = _("This file is too large: up to 20 MB, please.")
    if request.user.demo_until:
        said = _("This file is too large for a demo diary: up to 256 KB, please.")
    return _not_read(request, said, status=413)


def _not_read(request, said, *, status):
    form = DiaryFileForm()
    form.errors["file"] = form.error_class([said])
    return data_page(request, form, status=status)


@csrf_protect
@acting.patiently()
def _import_file(request):
    form = DiaryFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return data_page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        with turn(request.user):
            read = {"name": file.name, "data": file.read(), "at": timezone.now()}
            outcome = previews.upload(request.user, **read)
    except BusyError:
        return _not_read(request, BUSY, status=429)
    if outcome.problems:
        return _refused(request, form, outcome.problems)
    return redirect("your_data:import_preview")


@require_http_methods(["GET", "HEAD", "POST"])
@acting.patiently()
def preview(request):
    """What a file holds that is new; sent, it is imported."""
    if request.method == "POST":
        return _import_now(request)
    file = previews.waiting(request.user, at=timezone.now())
    if file is None:
        return _none_waits(request)
    if file.found is None:
        return redirect(_next_question(file))
    context = {"file": file, "found": previews.with_days(file.found)}
    return render(request, "your_data/import_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@acting.patiently()
def columns(request):
    """What the columns of a file from elsewhere mean, or which days those of ours are."""
    file = previews.waiting(request.user, at=timezone.now())
    if file is None:
        return _none_waits(request)
    if file.columns is None:
        return redirect("your_data:import_preview")
    table = foreign_file(file.data, file.columns.get("header"))
    if table is None:
        return days.ask(request, file)
    if request.method == "POST" and "header" in request.POST:
        return _pick_header(request, file, table)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(table, data, chosen=file.columns)
    if request.method != "POST":
        return _columns_page(request, file, form)
    if not form.is_valid():
        return _columns_page(request, file, form, status=422)
    chosen = form.columns() | _of(file, "header")
    if questions(table, chosen):
        previews.keep_choice(file, chosen | _of(file, "answers") | {"asks": True})
        return redirect("your_data:import_questions")
    return _look(request, file, form, chosen, _columns_page)


@require_http_methods(["GET", "HEAD", "POST"])
@acting.patiently()
def answers(request):
    """What the file leaves open, once its columns are chosen."""
    file = previews.waiting(request.user, at=timezone.now())
    if file is None:
        return _none_waits(request)
    if not file.columns or "date" not in file.columns:
        return redirect("your_data:import_preview")
    table = foreign_file(file.data, file.columns.get("header"))
    asked = questions(table, file.columns)
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(asked, data, chosen=file.columns.get("answers"))
    if request.method != "POST":
        return _answers_page(request, file, form, table=table)
    if not form.is_valid():
        return _answers_page(request, file, form, table=table, status=422)
    order = {"date_order": form.cleaned_data["date_order"]} if asked.order else {}
    chosen = file.columns | order | {"answers": form.answers()}
    return _look(request, file, form, chosen, partial(_answers_page, table=table))


def _of(file, name):
    """What was chosen before, if it was."""
    return {name: file.columns[name]} if name in file.columns else {}


def _look(request, file, form, chosen, page):
    """The preview, or the page that was there with what is wrong."""
    try:
        with turn(request.user):
            problems = previews.choose_columns(file, chosen, at=timezone.now())
    except BusyError:
        form.add_error(None, BUSY)
        return page(request, file, form, status=429)
    if problems:
        form.add_error(None, HAS_PROBLEMS)
        return page(request, file, form, status=422, problems=problems)
    return redirect("your_data:import_preview")


def _pick_header(request, file, table):
    """Another line has the names: whatever was chosen by those of before is let go."""
    form = HeaderForm(table, request.POST)
    picked = form.cleaned_data["header"] if form.is_valid() else None
    if picked is None or foreign_file(file.data, picked) is None:
        form.add_error("header", _("There is no table below this line."))
        columns_form = ColumnsForm(table, chosen=file.columns)
        return _columns_page(request, file, columns_form, status=422, header_form=form)
    previews.keep_choice(file, {"header": picked})
    return redirect("your_data:import_columns")


def _columns_page(request, file, form, *, status=200, problems=None, header_form=None):
    first_rows = form.file.first_rows(FIRST_ROWS)
    context = {"file": file, "form": form, "first_rows": first_rows, "problems": problems}
    context["header_form"] = header_form or HeaderForm(form.file)
    return render(request, "your_data/import_columns.html", context, status=status)


def _answers_page(request, file, form, *, table, status=200, problems=None):
    context = {"file": file, "form": form, "problems": problems, "table": table}
    return render(request, "your_data/import_questions.html", context, status=status)


def _next_question(file):
    """Of a program that we know the columns are known: only what it leaves open is asked."""
    is_asked = file.columns and "asks" in file.columns
    return "your_data:import_questions" if is_asked else "your_data:import_columns"


def _import_now(request):
    try:
        with turn(request.user):
            outcome = previews.import_waiting(
                request.user, at=timezone.now(), from_memory="typed_then" not in request.POST
            )
    except BusyError:
        messages.error(request, BUSY)
        return redirect("your_data:import_preview")
    if outcome is None:
        # A double tap: the first has imported it. It writes into the session what came in, and
        # this one must not write over that.
        return redirect("your_data:import_preview")
    if outcome.problems:
        return _refused(request, DiaryFileForm({}, {}), outcome.problems)
    record(request.user, Kind.IMPORTED)
    request.session[IMPORTED] = previews.found_in(outcome)
    return redirect("your_data:data")


def _none_waits(request):
    if IMPORTED in request.session:
        return redirect("your_data:data")
    return render(request, "your_data/import_none.html", status=404)


@require_POST
def leave(request):
    if previews.leave(request.user):
        messages.info(request, _("The file is gone. Nothing was imported."))
    return redirect("your_data:data")


@require_POST
def take_back(request):
    """Delete what one file brought, unless something of it was changed."""
    number = request.POST.get("file", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    file = ImportedFile.objects.all().get_for_user_or_404(request.user, pk=number)
    try:
        gone = taking_back.take_back(file)
    except taking_back.ChangedSinceError:
        return data_page(request, DiaryFileForm(), status=409, changed=file)
    said = ngettext("%(n)s entry is gone again.", "%(n)s entries are gone again.", gone)
    messages.success(request, said % {"n": gone})
    return redirect("your_data:data")


def _refused(request, form, problems):
    form.errors.clear()
    if problems.about_file:
        form.add_error("file", problems.about_file)
        return data_page(request, form, status=422)
    form.add_error("file", HAS_PROBLEMS)
    return data_page(request, form, status=422, problems=problems)
