#!/usr/bin/python3
"""Whether the files of this folder speak of what is there: deploy_test.py SOURCE_DIR ODEON

They parse; every variable they set is one that the settings read and the documentation has; every metric they name
is one that the program exports; systemd finds no fault in the units.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

SOURCE, ODEON = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
DEPLOY = SOURCE / "deploy"


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document is not None]


def kubernetes(kind):
    return [document for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")) for document in documents(path)
            if document["kind"] == kind]


def variables_of_units():
    for unit in (DEPLOY / "systemd").glob("*.service"):
        for line in re.findall(r"^Environment=(.*)$", unit.read_text(), re.M):
            yield from ((unit.name, assignment.partition("=")[0]) for assignment in line.split())
    example = DEPLOY / "systemd/odeon.env.example"
    yield from ((example.name, name) for name in re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example.read_text(), re.M))


def variables():
    """Every (file, variable) that is given to the program."""
    for name, service in documents(DEPLOY / "compose.yaml")[0]["services"].items():
        if service["image"] == "odeon:local":
            yield from ((f"compose.yaml: {name}", variable) for variable in service["environment"])
    for config in kubernetes("ConfigMap") + kubernetes("Secret"):
        yield from (("config.yaml", variable) for variable in {**config.get("data", {}), **config.get("stringData", {})})
    for line in re.findall(r"^ENV (.*)$", (DEPLOY / "Dockerfile").read_text(), re.M):
        yield from (("Dockerfile", assignment.partition("=")[0]) for assignment in line.split())
    yield from variables_of_units()


class Deploy(unittest.TestCase):
    def test_every_file_parses(self):
        files = list(DEPLOY.rglob("*.yaml"))
        self.assertGreater(len(files), 5)
        for path in files:
            with self.subTest(path.name):
                self.assertTrue(documents(path))

    def test_every_variable_is_read_and_documented(self):
        sources = "".join(path.read_text() for path in sorted((SOURCE / "src/server").glob("settings*.cpp")))
        read = set(re.findall(r'"([A-Z][A-Z0-9_]*)"', sources))
        documented = set(re.findall(r"`([A-Z][A-Z0-9_]*)`", (SOURCE / "docs/configuration.md").read_text()))
        found = set(variables())
        self.assertGreater(len(found), 30)
        for file, variable in sorted(found):
            with self.subTest(file, variable=variable):
                self.assertIn(variable, read)
                self.assertIn(variable, documented)

    def test_every_metric_is_exported(self):
        sources = "".join(path.read_text() for path in (SOURCE / "src").rglob("*.cpp") if not path.name.endswith("_test.cpp"))
        family = "(?:odeon|http|model_api|model_first|process|active)_[a-z_]+"
        exported = set(re.findall(rf'"({family})"', sources))
        named = {(path.name, name)
                 for path in [*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.json"), SOURCE / "docs/operations.md"]
                 for name in re.findall(rf"\b{family}", path.read_text())}
        self.assertIn(("worker.yaml", "odeon_jobs_ready"), named)
        for file, name in sorted(named):
            with self.subTest(file, metric=name):
                self.assertIn(re.sub(r"_(bucket|sum|count)$", "", name), exported)

    def test_pods_belong_together(self):
        deployments = {deployment["metadata"]["name"]: deployment for deployment in kubernetes("Deployment")}
        self.assertEqual(set(deployments), {"odeon-api", "odeon-worker"})
        for scaler in kubernetes("HorizontalPodAutoscaler"):
            self.assertIn(scaler["spec"]["scaleTargetRef"]["name"], deployments)
        pods = [deployment["spec"]["template"]["metadata"]["labels"] for deployment in deployments.values()]
        selectors = ([budget["spec"]["selector"]["matchLabels"] for budget in kubernetes("PodDisruptionBudget")]
                     + [service["spec"]["selector"] for service in kubernetes("Service")]
                     + [deployment["spec"]["selector"]["matchLabels"] for deployment in deployments.values()])
        for selector in selectors:
            self.assertEqual(sum(selector.items() <= labels.items() for labels in pods), 1, selector)
        configs = {(config["kind"], config["metadata"]["name"]) for config in kubernetes("ConfigMap") + kubernetes("Secret")}
        for deployment in deployments.values():
            container = deployment["spec"]["template"]["spec"]["containers"][0]
            for source in container["envFrom"]:
                kind, name = ("ConfigMap", source["configMapRef"]) if "configMapRef" in source else ("Secret", source["secretRef"])
                self.assertIn((kind, name["name"]), configs)
            ports = {port["name"] for port in container["ports"]}
            for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
                self.assertIn(container[probe]["httpGet"]["port"], ports)

    def test_systemd_finds_no_fault_in_the_units(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        with tempfile.TemporaryDirectory() as folder:
            units = []
            for unit in (DEPLOY / "systemd").glob("odeon-*"):
                copy = pathlib.Path(folder) / unit.name
                # The program is not where it will be installed.
                copy.write_text(unit.read_text().replace("/usr/local/bin/odeon", "/bin/true"))
                units.append(copy)
            self.assertEqual(len(units), 3)
            run = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True,
                                 env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
            complaints = [line for line in run.stderr.splitlines() if "odeon" in line]
            self.assertEqual((run.returncode, complaints), (0, []), run.stderr)


class Setup(unittest.TestCase):
    def test_installs_every_interpreter_that_the_build_runs(self):
        rules = "".join(path.read_text() for path in [SOURCE / "CMakeLists.txt", *(SOURCE / "cmake").iterdir()])
        scripts = set(re.findall(r"\$\{CMAKE_SOURCE_DIR\}/(scripts/[\w.-]+)", rules))
        self.assertIn("scripts/embed", scripts)
        build = re.search(r"^build=\((.*?)^\)", (SOURCE / "scripts/setup").read_text(), re.M | re.S).group(1).split()
        for script in sorted(scripts):
            interpreter = (SOURCE / script).read_text().splitlines()[0].split()[-1].rpartition("/")[2]
            # bash is essential: no Debian is without it.
            with self.subTest(script):
                self.assertIn(interpreter, [*build, "bash"])


class Image(unittest.TestCase):
    def test_has_every_library_that_the_program_is_linked_with(self):
        linked = subprocess.run(["readelf", "-d", ODEON], capture_output=True, check=True, text=True).stdout
        names = set(re.findall(r"\(NEEDED\).*\[(.+)\]", linked))
        found = subprocess.run(["dpkg", "-S", *(f"/*/{name}" for name in names)], capture_output=True, text=True).stdout
        packages = {name: {line.partition(":")[0] for line in found.splitlines() if line.endswith("/" + name)}
                    for name in names}
        installed = set((DEPLOY / "Dockerfile").read_text().rpartition("FROM ")[2].split())
        installed |= {"libc6", "libgcc-s1"}  # in every image
        for name in names:
            self.assertTrue(packages[name], f"no package has {name}")
            self.assertTrue(packages[name] & installed, f"{name} is of {packages[name]}, which the image lacks")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
