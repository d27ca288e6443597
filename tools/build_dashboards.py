# ruff: noqa: E501  a panel is a line
"""Writes the Grafana dashboards as JSON. Change them here, never there: a test compares.

python tools/build_dashboards.py [--into deploy/grafana/dashboards] [--check]
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "deploy" / "grafana" / "dashboards"
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
POSTGRES = {"type": "grafana-postgresql-datasource", "uid": "postgres"}
Json = dict[str, Any]

# where an incident may be drawn as a point: a province's or a country's middle is not where it happened
LOCATED = "status = 'open' AND lat IS NOT NULL AND precision IN ('exact', 'locality')"
RECENT = "$__timeFilter(coalesce(happened_at, first_reported_at))"


def graph(title: str, why: str, unit: str, *queries: tuple[str, str], stack: bool = False) -> Json:
    """Lines over time; a query is PromQL and its legend."""
    custom: Json = {"lineWidth": 1, "fillOpacity": 25 if stack else 5, "showPoints": "never"}
    if stack:
        custom["stacking"] = {"mode": "normal"}
    return _panel("timeseries", title, why, unit, _promql(queries), custom=custom)


def number(title: str, why: str, unit: str, query: str, *steps: tuple[float | None, str]) -> Json:
    """One figure now, coloured by thresholds: (from, colour), the first from None."""
    thresholds = {"mode": "absolute", "steps": [{"value": value, "color": colour} for value, colour in steps]}
    panel = _panel("stat", title, why, unit, _promql([(query, "")]), thresholds=thresholds)
    panel["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background", "graphMode": "area"}
    return panel


def heat(title: str, why: str, query: str) -> Json:
    """A classic histogram as a heat map."""
    target = {"datasource": PROMETHEUS, "expr": query, "format": "heatmap", "legendFormat": "{{le}}", "refId": "A"}
    panel = _panel("heatmap", title, why, "s", [target])
    panel["options"] = {"calculate": False, "yAxis": {"unit": "s"}, "color": {"scheme": "Oranges"}}
    return panel


def table(title: str, why: str, sql: str) -> Json:
    return _panel("table", title, why, "", _sql(sql))


def bars(title: str, why: str, sql: str) -> Json:
    """One bar a row: first column its name, second its length."""
    panel = _panel("barchart", title, why, "short", _sql(sql))
    panel["options"] = {"orientation": "horizontal", "showValue": "auto", "legend": {"showLegend": False}}
    return panel


def over_time(title: str, why: str, sql: str) -> Json:
    """Rows of (time, metric, value) as stacked bars."""
    custom = {"drawStyle": "bars", "fillOpacity": 80, "stacking": {"mode": "normal"}}
    return _panel("timeseries", title, why, "short", _sql(sql, "time_series"), custom=custom)


def world_map(title: str, why: str, sql: str) -> Json:
    """Points by columns lat and lon, sized by `size`, coloured by `severity`. No base layer: nothing is fetched."""
    panel = _panel("geomap", title, why, "short", _sql(sql))
    location = {"mode": "coords", "latitude": "lat", "longitude": "lon"}
    style = {"size": {"field": "size", "min": 4, "max": 18}, "color": {"field": "severity"}, "opacity": 0.6}
    layer = {"type": "markers", "name": "incidents", "location": location, "config": {"style": style}, "tooltip": True}
    panel["options"] = {"view": {"id": "fit"}, "basemap": {"type": "default", "name": "base"}, "layers": [layer]}
    return panel


def row(title: str) -> Json:
    return {"type": "row", "title": title, "collapsed": False, "panels": []}


def dashboard(uid: str, title: str, since: str, panels: list[tuple[Json, int, int]]) -> Json:
    """Panels with width (of 24) and height, laid out from the left, a new line where one is full."""
    x = y = line = 0
    placed = []
    for ident, (panel, width, height) in enumerate(panels, start=1):
        if x + width > 24:
            x, y, line = 0, y + line, 0
        placed.append(panel | {"id": ident, "gridPos": {"x": x, "y": y, "w": width, "h": height}})
        x, line = x + width, max(line, height)
    return {
        "uid": uid,
        "title": title,
        "tags": ["tocsin"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "time": {"from": since, "to": "now"},
        "refresh": "30s",
        "timezone": "utc",
        "templating": {"list": []},
        "annotations": {"list": []},
        "panels": placed,
    }


def _panel(kind: str, title: str, why: str, unit: str, targets: list[Json], **defaults: Any) -> Json:
    return {
        "type": kind,
        "title": title,
        "description": why,
        "datasource": targets[0]["datasource"],
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": unit} | defaults, "overrides": []},
    }


def _promql(queries: Any) -> list[Json]:
    return [
        {"datasource": PROMETHEUS, "expr": query, "legendFormat": legend, "refId": chr(65 + n)}
        for n, (query, legend) in enumerate(queries)
    ]


def _sql(sql: str, shape: str = "table") -> list[Json]:
    return [{"datasource": POSTGRES, "rawSql": sql, "format": shape, "rawQuery": True, "refId": "A"}]


def service() -> Json:
    """Is the service well, does it keep up, and where does it not?"""
    green, amber, red = "green", "orange", "red"
    beat = 'time() - max(tocsin_heartbeat_timestamp_seconds{stage="relay"})'
    last = "histogram_quantile(0.95, sum by (stage, le) (rate(tocsin_stage_duration_seconds_bucket[5m])))"
    return dashboard(
        "tocsin-service",
        "Tocsin: the service",
        "now-3h",
        [
            (row("Now"), 24, 1),
            (number("Heartbeat age", "Since the synthetic item that last went the whole way", "s", beat, (None, green), (150, amber), (300, red)), 6, 4),
            (number("Lag", "Records that wait at all stages", "short", "sum(stage:tocsin_consumer_lag_records:sum)", (None, green), (1000, amber), (10000, red)), 6, 4),
            (number("Outbox age", "How long alerts have waited to be published", "s", "max(tocsin_outbox_age_seconds)", (None, green), (30, amber), (120, red)), 6, 4),
            (number("Dead letters, 24 h", "Records put aside", "short", "sum(increase(tocsin_dead_letters_total[24h])) or vector(0)", (None, green), (1, amber), (100, red)), 6, 4),
            (row("Flow"), 24, 1),
            (graph("In, by stage", "Records a second", "reqps", ("stage:tocsin_stage_in:rate1m", "{{stage}}")), 8, 7),
            (graph("Out, by stage", "Records a second, acknowledged", "reqps", ("stage:tocsin_stage_out:rate1m", "{{stage}}")), 8, 7),
            (graph("Published", "Records a second on the public topics", "reqps", ("sum by (topic) (rate(tocsin_relay_published_total[1m]))", "{{topic}}")), 8, 7),
            (graph("Items, by what became of them", "Items a second at the resolve stage", "reqps", ("sum by (outcome) (rate(tocsin_items_total[5m]))", "{{outcome}}"), stack=True), 12, 7),
            (graph("Alerts, by kind", "Alerts an hour", "short", ("sum by (kind) (increase(tocsin_alerts_total[1h]))", "{{kind}}"), stack=True), 12, 7),
            (row("Lag"), 24, 1),
            (graph("Records waiting", "By stage", "short", ("stage:tocsin_consumer_lag_records:sum", "{{stage}}")), 8, 7),
            (graph("Waiting time", "Age of the oldest record that waits, about", "s", ("max by (stage) (tocsin_consumer_lag_seconds)", "{{stage}}")), 8, 7),
            (graph("Outbox", "Records not yet published", "short", ("sum by (topic) (tocsin_outbox_records)", "{{topic}}")), 8, 7),
            (row("Latency"), 24, 1),
            (graph("Time for a batch", "95th percentile, by stage", "s", (last, "{{stage}}")), 8, 7),
            (graph("Item to alert", "From publication to alert", "s", ("tocsin_alert_item_age_seconds:p50_1h", "median"), ("tocsin_alert_item_age_seconds:p95_1h", "95th percentile")), 8, 7),
            (heat("Item to alert, spread", "How old items were when their alert was written", "sum by (le) (increase(tocsin_alert_item_age_seconds_bucket[1h]))"), 8, 7),
            (row("Errors"), 24, 1),
            (graph("Dead letters", "Records put aside in five minutes, by stage and code", "short", ("sum by (stage, code) (increase(tocsin_dead_letters_total[5m]))", "{{stage}} {{code}}"), stack=True), 8, 7),
            (graph("Holding", "1 while a stage waits for something that is away", "short", ("max by (stage, on) (tocsin_holding)", "{{stage}}: {{on}}")), 8, 7),
            (graph("Since progress", "Seconds since a process of the stage was last well", "s", ("time() - max by (stage) (tocsin_watchdog_timestamp_seconds)", "{{stage}}")), 8, 7),
            (row("Sources and processes"), 24, 1),
            (graph("Sources", "By the outcome of the last poll", "short", ("sum by (health) (tocsin_sources)", "{{health}}"), stack=True), 8, 7),
            (graph("Silence of sources", "The ten that have been silent longest", "s", ("topk(10, time() - max by (source_id) (tocsin_source_last_success_timestamp_seconds))", "{{source_id}}")), 8, 7),
            (graph("Memory", "Resident, by process", "bytes", ('process_resident_memory_bytes{job="tocsin"}', "{{service}} {{instance}}")), 8, 7),
        ],
    )  # fmt: skip


def incidents() -> Json:
    """What happened, where, how grave, and how well it is borne out?"""
    where = f"WHERE status = 'open' AND {RECENT}"
    return dashboard(
        "tocsin-incidents",
        "Tocsin: incidents",
        "now-7d",
        [
            (graph("Incidents in the state", "By status", "short", ("sum by (status) (tocsin_incidents)", "{{status}}"), stack=True), 8, 7),
            (over_time("Incidents a day", "Open ones by the day they happened, by type", f"SELECT date_trunc('day', coalesce(happened_at, first_reported_at)) AS time, event_type AS metric, count(*) AS value FROM incidents {where} GROUP BY 1, 2 ORDER BY 1"), 16, 7),
            (world_map("Where", "Open incidents whose place is known to a town or better; size: people killed", f"SELECT title, lat, lon, severity, event_type, grade, independent_sources, coalesce(killed, 0) AS killed, 1 + coalesce(killed, 0) AS size, happened_at FROM incidents WHERE {LOCATED} AND {RECENT} ORDER BY updated_at DESC LIMIT 2000"), 24, 14),
            (bars("By type", "Open incidents", f"SELECT event_type, count(*) AS incidents FROM incidents {where} GROUP BY 1 ORDER BY 2 DESC"), 8, 9),
            (bars("By country", "Open incidents, the 20 countries with most", f"SELECT coalesce(country, 'unknown') AS country, count(*) AS incidents FROM incidents {where} GROUP BY 1 ORDER BY 2 DESC LIMIT 20"), 8, 9),
            (bars("By severity", "Open incidents", f"SELECT severity, count(*) AS incidents FROM incidents {where} GROUP BY 1 ORDER BY array_position(ARRAY['extreme', 'severe', 'moderate', 'minor'], severity::text)"), 8, 9),
            (bars("By independent sources", "How many lines of reporting bear an incident out", f"SELECT CASE WHEN independent_sources >= 5 THEN '5 or more' ELSE independent_sources::text END AS sources, count(*) AS incidents FROM incidents {where} GROUP BY 1 ORDER BY 1"), 8, 9),
            (bars("By grade", "Admiralty code", f"SELECT grade, count(*) AS incidents FROM incidents {where} GROUP BY 1 ORDER BY 1"), 8, 9),
            (bars("Killed, by country", "Best figures of open incidents added up", f"SELECT coalesce(country, 'unknown') AS country, sum(killed) AS killed FROM incidents {where} AND killed > 0 GROUP BY 1 ORDER BY 2 DESC LIMIT 20"), 8, 9),
            (table("Latest", "The newest changes", f"SELECT updated_at, title, severity, grade, independent_sources, killed, injured, country, admin1, status, version FROM incidents WHERE {RECENT} ORDER BY updated_at DESC LIMIT 100"), 24, 12),
        ],
    )  # fmt: skip


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--into", type=Path, default=FOLDER, help="default: %(default)s")
    ask.add_argument("--check", action="store_true", help="only say what differs")
    args = ask.parse_args()
    stale = []
    for name, build in (("service", service), ("incidents", incidents)):
        text, file = json.dumps(build(), indent=1) + "\n", args.into / f"{name}.json"
        if not args.check:
            file.write_text(text)
        elif not file.is_file() or file.read_text() != text:
            stale.append(file)
    for file in stale:
        print(f"{file} is not as tools/build_dashboards.py makes it: run that", file=sys.stderr)
    sys.exit(bool(stale))


if __name__ == "__main__":
    main()
