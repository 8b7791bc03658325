"""Calls: when they come, to which devices, and the answer to being asked for the first time."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.diary.calls import devices
from apps.diary.calls.form import CallPlanForm, DeviceForm
from apps.diary.models import CallPlan, PushSubscription, Revision


@require_http_methods(["GET", "HEAD", "POST"])
def calls(request):
    """When devices are called."""
    plan = plan_of(request.user)
    # Before the form puts into the plan what is typed.
    is_quiet = has_gone_quiet(plan, request.user)
    form = CallPlanForm(request.POST if request.method == "POST" else None, instance=plan)
    if form.is_valid():
        form.store(at=timezone.now())
        messages.success(request, _("Your settings are saved."))
        return redirect("diary:calls")
    return page(request, form, is_quiet, status=422 if form.is_bound else 200)


def plan_of(user):
    return CallPlan.objects.for_user(user).first() or CallPlan(user=user)


def has_gone_quiet(plan, user):
    return plan.is_wanted and plan.is_quiet_at(Revision.number_of(user))


def page(request, form, is_quiet, *, status=200, not_called=""):
    context = {
        "form": form,
        "devices": PushSubscription.objects.for_user(request.user),
        "this_device": devices.this_device(request),
        "is_quiet": is_quiet,
        "not_called": not_called,
    }
    return render(request, "diary/calls/calls.html", context, status=status)


@require_POST
def device_add(request):
    """This browser may be called from now on."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        plan = plan_of(request.user)
        why = next(iter(form.errors.values()))[0]
        is_quiet = has_gone_quiet(plan, request.user)
        return page(request, CallPlanForm(instance=plan), is_quiet, status=422, not_called=why)
    device = devices.add(request, form.cleaned_data, at=timezone.now())
    messages.success(request, _("You will be called on this device."))
    response = redirect("diary:calls" if "settings" in request.POST else "diary:today")
    devices.remember(response, device)
    return response


@require_POST
def device_renew(request):
    """This browser, called already, has been given another address; told by the service worker."""
    device = devices.this_device(request)
    if device is None:
        raise Http404
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    devices.renew(device, form.cleaned_data)
    return HttpResponse(status=204)


@require_POST
def device_end(request, pk):
    PushSubscription.objects.get_for_user_or_404(request.user, pk=pk).delete()
    messages.success(request, _("That device is called no more."))
    return redirect("diary:calls")


@require_POST
def calls_declined(request):
    """“No, thanks” is not asked again; the settings have it."""
    fields = {"user": request.user, "since": timezone.now()}
    CallPlan.objects.for_user(request.user).get_or_create(defaults=fields)
    return redirect("diary:today")
