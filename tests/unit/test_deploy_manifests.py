"""The files in deploy/ are what Compose, Kubernetes and nginx take, and agree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec.models import ComposeSpecification, Service

from pathways.settings import Settings, variable

DEPLOY = Path(__file__).parents[2] / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
KUBERNETES = "1.31"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
TEMPLATE = DEPLOY / "nginx" / "milepost.conf.template"
ROOT_NAMES = set(Settings.model_fields)


def documents(name: str = "") -> list[dict[str, Any]]:
    files = [file for file in MANIFESTS if file.stem == name or not name]
    return [
        one
        for file in files
        for one in yaml.safe_load_all(file.read_text())
        if not one["apiVersion"].startswith("kustomize")
    ]


ALL = documents()
WORKLOADS = [one for one in ALL if one["kind"] in ("Deployment", "StatefulSet", "Job")]


def title(one: dict[str, Any]) -> str:
    return f"{one['kind']}-{one['metadata']['name']}"


@pytest.mark.parametrize("one", ALL, ids=title)
def test_kubernetes_takes_a_manifest(one: dict[str, Any]) -> None:
    kubernetes_validate.validate(one, KUBERNETES, strict=True)
    wanted = one["kind"] != "Namespace"
    assert (one["metadata"].get("namespace") == "milepost") is wanted


def test_a_manifest_with_a_wrong_field_is_refused() -> None:
    wrong = {**ALL[0], "kind": "Deployment", "apiVersion": "apps/v1", "specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


def test_the_kustomization_names_every_manifest() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text())
    files = {file.name for file in MANIFESTS} - {"kustomization.yaml"}
    assert set(listed["resources"]) == files


@pytest.mark.parametrize("one", WORKLOADS, ids=title)
def test_a_pod_has_no_rights_it_does_not_need(one: dict[str, Any]) -> None:
    pod = one["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    for container in pod["containers"]:
        security = container["securityContext"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["readOnlyRootFilesystem"] is True
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert one["kind"] == "Job" or {"readinessProbe", "livenessProbe"} <= set(
            container
        )
        for given in container.get("env", []):
            secret = re.search("PASSWORD|SECRET|TOKEN|TRACKER_URL", given["name"])
            assert not secret or "secretKeyRef" in given["valueFrom"]


def test_no_secret_stands_in_a_manifest() -> None:
    assert not [title(one) for one in ALL if one["kind"] == "Secret"]
    settings = next(one for one in ALL if title(one) == "ConfigMap-milepost")["data"]
    assert set(settings) <= {variable(name) for name in ROOT_NAMES}
    assert not {"MILEPOST_CHANNEL_SECRET", "MILEPOST_DATABASE_URL"} & set(settings)


def test_both_colours_of_the_assistant_are_the_same() -> None:
    def bare(colour: str) -> str:
        text = (DEPLOY / f"kubernetes/rasa-{colour}.yaml").read_text()
        text = re.sub(r"image: .*|replicas: .*|^#.*\n", "", text, flags=re.MULTILINE)
        return text.replace(colour, "colour")

    assert bare("blue") == bare("green")


def test_the_addresses_name_every_pod_of_the_serving_colour_in_its_order() -> None:
    config = next(one for one in ALL if title(one) == "ConfigMap-milepost")
    blue = next(one for one in ALL if title(one) == "StatefulSet-rasa-blue")
    number, name = blue["spec"]["replicas"], blue["metadata"]["name"]
    urls = config["data"]["MILEPOST_RASA_URLS"].split(",")
    assert urls == [f"http://{name}-{n}.{name}:5005" for n in range(number)]


def test_the_selectors_of_services_budgets_and_policies_find_pods() -> None:
    pods = [one["spec"]["template"]["metadata"]["labels"] for one in WORKLOADS]
    for one in ALL:
        wanted = {
            "Service": one.get("spec", {}).get("selector"),
            "NetworkPolicy": one.get("spec", {})
            .get("podSelector", {})
            .get("matchLabels"),
        }.get(one["kind"])
        if wanted and title(one) != "Service-closed":
            assert any(wanted.items() <= pod.items() for pod in pods), title(one)


def test_rasa_and_postgresql_may_not_go_outside() -> None:
    policies = {
        one["metadata"]["name"]: one["spec"] for one in documents("network-policy")
    }
    assert policies["nothing"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    assert all(rule.get("to") for rule in policies["rasa"]["egress"])
    assert "egress" not in policies["postgres"]
    inside = COMPOSE["services"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "rasa-0", "rasa-1", "rasa-2"):
        assert inside[name]["networks"] == ["inside"]


def test_compose_takes_the_file_and_every_name_in_it() -> None:
    ComposeSpecification.model_validate(COMPOSE)
    known = set(ComposeSpecification.model_fields)
    assert {name for name in COMPOSE if not name.startswith("x-")} <= known
    fields = set(Service.model_fields) | {
        one.alias for one in Service.model_fields.values() if one.alias
    }
    for service in COMPOSE["services"].values():
        assert set(service) <= fields
    urls = COMPOSE["x-settings"]["MILEPOST_RASA_URLS"].split(",")
    workers = [name for name in COMPOSE["services"] if name.startswith("rasa-")]
    assert urls == [f"http://{name}:5005" for name in workers]


def test_images_and_files_that_compose_names_exist() -> None:
    stages = re.findall(
        r"^FROM \S+ AS (\w+)", (DEPLOY / "Dockerfile").read_text(), re.M
    )
    for service in COMPOSE["services"].values():
        if "build" in service:
            assert service["build"]["target"] in stages
            assert (DEPLOY.parent / service["build"]["dockerfile"]).is_file()
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (DEPLOY / volume.partition(":")[0]).is_file()


def test_what_the_dockerfile_copies_exists() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    made = {".venv", ".venv-rasa", "models", "models/manifest.json"}
    copied = re.findall(r"^COPY --from=built /milepost/(\S+) ", text, re.MULTILINE)
    assert len(copied) > 8
    for name in set(copied) - made:
        assert (DEPLOY.parent / name).exists(), name
    ours = re.search(r"^COPY ((?:\w+\.yml )+)\./$", text, re.MULTILINE)
    assert ours and all((DEPLOY.parent / name).is_file() for name in ours[1].split())


def nginx_text(folder: Path) -> str:
    given = {
        "MILEPOST_LISTEN": "127.0.0.1:18199",
        "MILEPOST_INSIDE": "127.0.0.1:18198",
        "MILEPOST_APPS": "server 127.0.0.1:1; server 127.0.0.1:2;",
    }
    text = TEMPLATE.read_text()
    for name, value in given.items():
        text = text.replace(f"${{{name}}}", value)
    return (
        f"pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off;"
        f"client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;"
        f"scgi_temp_path {folder}/s;\n{text}\n}}"
    )


def test_nginx_streams_limits_bodies_and_closes_what_is_private(tmp_path: Path) -> None:
    text = TEMPLATE.read_text()
    names = set(re.findall(r"\$\{(\w+)\}", text))
    assert names == {"MILEPOST_LISTEN", "MILEPOST_INSIDE", "MILEPOST_APPS"}
    for line in ("proxy_buffering off;", "client_max_body_size 16k;", "consistent;"):
        assert line in text
    for path in ("/internal/", "= /metrics", "= /readyz"):
        assert f"location {path} {{ return 404; }}" in text


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    file = tmp_path / "nginx.conf"
    file.write_text(nginx_text(tmp_path))
    command = [str(shutil.which("nginx")), "-t", "-c", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
