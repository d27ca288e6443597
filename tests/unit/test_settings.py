"""Settings: which source wins, secrets from files, errors that name the setting."""

from datetime import timedelta
from pathlib import Path

import pytest

from processors.alerting import AlertPolicy
from processors.errors import ConfigError
from streams.settings import Settings, leaves, load, user_data_dir, variable

FIXED = {
    "TOCSIN_DATA_DIR": "/somewhere",
    "TOCSIN_DATABASE_URL": "sqlite:////somewhere/x.db",
    "TOCSIN_GAZETTEER": "/somewhere/places.idx",
    "TOCSIN_FETCH_ALLOW_PRIVATE": "true",
    "TOCSIN_WEB_PORT": "81",
    "TOCSIN_METRICS_PORT": "82",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("TOCSIN_"):
            monkeypatch.delenv(name)


def test_defaults_lie_in_the_data_folder() -> None:
    settings = load()
    assert settings.data_dir == user_data_dir()
    assert settings.database == f"sqlite:///{user_data_dir() / 'tocsin.db'}"
    assert settings.gazetteer_file.parent == settings.sources_file.parent == user_data_dir()
    assert (settings.web.port, settings.metrics.port, settings.fetch.allow_private) == (8420, 9464, False)


def test_names_that_others_rely_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(FIXED) <= {variable(path) for path, _ in leaves(Settings)}
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.database == "sqlite:////somewhere/x.db"
    assert settings.gazetteer_file == Path("/somewhere/places.idx")
    assert (settings.web.port, settings.metrics.port, settings.fetch.allow_private) == (81, 82, True)


def test_option_before_environment_before_file_before_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text("jobs = 2\n[metrics]\nport = 1\n[fetch]\nworkers = 3\n[kafka]\nprefix = 'x.'\n")
    monkeypatch.setenv("TOCSIN_CONFIG", str(file))
    settings = load()
    assert (settings.jobs, settings.metrics.port, settings.fetch.workers) == (2, 1, 3)
    monkeypatch.setenv("TOCSIN_JOBS", "4")
    monkeypatch.setenv("TOCSIN_METRICS_PORT", "5")
    settings = load(jobs=6, sources=None)
    assert (settings.jobs, settings.metrics.port, settings.fetch.workers) == (6, 5, 3)


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://u:geheim@db/tocsin\n")
    monkeypatch.setenv("TOCSIN_DATABASE_URL_FILE", str(secret))
    settings = load()
    assert settings.database == "postgresql://u:geheim@db/tocsin"
    assert "geheim" not in repr(settings)
    monkeypatch.setenv("TOCSIN_DATABASE_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="TOCSIN_DATABASE_URL_FILE"):
        load()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[metrics]\nport = 'x'\n", "metrics.port"),
        ("[metrics]\nport = 70000\n", "metrics.port"),
        ("nonsense = 1\n", "nonsense"),
        ("[fetch]\nalow_private = true\n", "fetch.alow_private"),
        ("no toml", "configuration file"),
    ],
)
def test_an_error_names_the_setting(text: str, named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text(text)
    monkeypatch.setenv("TOCSIN_CONFIG", str(file))
    with pytest.raises(ConfigError, match=named):
        load()


def test_a_configuration_file_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOCSIN_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match="there is none"):
        load()


def test_an_error_does_not_show_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_WEB_PORT", "geheim")
    with pytest.raises(ConfigError) as caught:
        load()
    assert "geheim" not in str(caught.value)


def test_the_alert_policy_is_the_shipped_one_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().alerts.policy == AlertPolicy()
    monkeypatch.setenv("TOCSIN_ALERTS_SETTLE_SEVERE", "PT20M")
    monkeypatch.setenv("TOCSIN_ALERTS_LEAST_SEVERITY", "moderate")
    policy = load().alerts.policy
    assert policy.least_severity == "moderate"
    assert policy.settle == {**AlertPolicy().settle, "severe": timedelta(minutes=20)}
