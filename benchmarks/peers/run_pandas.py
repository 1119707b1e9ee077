"""Silver and gold in pandas: one day, no history. Usage: run_pandas.py <data> <out>.

Vectorised throughout: joins and group-bys, no row-by-row function. It leaves out what pandas has no
vectorised way for (phone numbers) or what is no matter of tables (linking, tests), so it does less
than `dbt build`. Reads one full extraction; writes Parquet files and the scores, to be compared.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

# Not a dependency of this project: it runs in a Python of its own.
pd: Any = importlib.import_module("pandas")
SEEDS = Path(__file__).resolve().parents[2] / "warehouse" / "seeds"
WINDOW = 90


class Source:
    """Reads one object of bronze: live rows, newest version per id, text trimmed."""

    def __init__(self, data: Path) -> None:
        self.bronze = data / "bronze"
        self.objects = json.loads((self.bronze / "manifest.json").read_text())["objects"]

    def read(self, name: str, columns: dict[str, str]) -> Any:
        """Return the rows of an object; `columns` maps its fields to the names used here."""
        files = [self.bronze / file["path"] for file in self.objects[name]["files"]]
        columns = {"Id": "id", "CreatedDate": "created_at", **columns}
        has_deletes = any(field["name"] == "IsDeleted" for field in self.objects[name]["schema"])
        wanted = [*columns, "SystemModstamp", *(["IsDeleted"] if has_deletes else [])]
        rows = pd.concat([pd.read_parquet(file, columns=wanted) for file in files])
        rows = rows.sort_values("SystemModstamp", kind="stable").drop_duplicates("Id", keep="last")
        if has_deletes:
            rows = rows[~rows["IsDeleted"]]
        rows = rows[list(columns)].rename(columns=columns)
        for column in rows.columns:
            sample = rows[column].dropna().head(1)
            kind = type(sample.iloc[0]).__name__ if len(sample) else ""
            if kind == "str" and column.endswith(("name", "subject", "city", "title")):
                text = rows[column].str.replace(r"\s+", " ", regex=True).str.strip()
                rows[column] = text.where(text != "")
            elif kind == "date":
                rows[column] = pd.to_datetime(rows[column], errors="coerce")
            elif kind == "Timestamp":
                rows[column] = rows[column].dt.tz_localize(None)
            elif kind == "Decimal":
                rows[column] = rows[column].astype("float64")
        return rows.reset_index(drop=True)


def silver(source: Source, as_of: Any) -> dict[str, Any]:
    """Return the cleansed tables, amounts converted at the rate of their day."""
    currency = "CurrencyIsoCode"
    account = source.read(
        "Account",
        {
            "Name": "name", "Type": "type", "Industry": "industry", "ParentId": "parent_id",
            "BillingCountry": "country", "BillingCity": "city", "Region__c": "region",
            "Segment__c": "segment", "Website": "website", currency: "currency",
            "OwnerId": "owner_id", "Customer_Since__c": "since",
        },
    )  # fmt: skip
    domain = account["website"].str.lower().str.replace(r"^https?://(www\.)?", "", regex=True)
    account["web_domain"] = domain.str.split("/").str[0]
    contact = source.read(
        "Contact",
        {"AccountId": "account_id", "FirstName": "first_name", "LastName": "last_name",
         "Email": "email", "Title": "title"},
    )  # fmt: skip
    email = contact["email"].str.strip().str.lower()
    contact["email"] = email.where(email.str.match(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", na=False))
    rates = source.read(
        "DatedConversionRate",
        {"IsoCode": "currency", "StartDate": "day", "ConversionRate": "rate"},
    )
    rates = rates.dropna(subset=["rate", "day"]).sort_values("day")

    def in_usd(rows: Any, amount: str, day: str) -> Any:
        rows["currency"] = rows["currency"].fillna(
            rows["account_id"].map(account.set_index("id")["currency"])
        )
        dated = rows[["currency", day, amount]].reset_index()
        dated["day"] = dated[day].fillna(as_of).clip(upper=as_of).astype("datetime64[ns]")
        side = rates.assign(day=rates["day"].astype("datetime64[ns]"))[["currency", "day", "rate"]]
        found = pd.merge_asof(dated.sort_values("day"), side, on="day", by="currency")
        return (found[amount] / found["rate"]).round(2).set_axis(found["index"]).reindex(rows.index)

    opportunity = source.read(
        "Opportunity",
        {"AccountId": "account_id", "Name": "name", "Type": "type", "StageName": "stage",
         "Amount": "amount", currency: "currency", "Probability": "probability",
         "CloseDate": "close_date", "IsClosed": "is_closed", "IsWon": "is_won"},
    )  # fmt: skip
    opportunity["type"] = opportunity["type"].str.title()
    opportunity["usd"] = in_usd(opportunity, "amount", "close_date")
    asset = source.read(
        "Asset",
        {"AccountId": "account_id", "Name": "name", "InstallDate": "installed",
         "UsageEndDate": "ended", "Price": "charge", currency: "currency"},
    )  # fmt: skip
    asset["usd"] = in_usd(asset.assign(day=as_of), "charge", "day")
    invoice = source.read(
        "Invoice__c",
        {"Name": "name", "Account__c": "account_id", "Invoice_Date__c": "invoiced",
         "Due_Date__c": "due", "Paid_Date__c": "paid", "Amount__c": "amount",
         currency: "currency"},
    )  # fmt: skip
    invoice["usd"] = in_usd(invoice, "amount", "invoiced")
    task = source.read(
        "Task",
        {"AccountId": "account_id", "Subject": "subject", "Type": "type", "Status": "status",
         "ActivityDate": "due", "CompletedDateTime": "completed"},
    )  # fmt: skip
    event = source.read(
        "Event",
        {"AccountId": "account_id", "Subject": "subject", "Type": "type",
         "StartDateTime": "started", "EndDateTime": "ended"},
    )  # fmt: skip
    task["at"] = task["completed"].fillna(task["due"])
    event["at"] = event["ended"].fillna(event["started"])
    interaction = pd.concat(
        [
            task[task["status"] == "Completed"].assign(is_event=False),
            event[event["at"].dt.normalize() <= as_of].assign(is_event=True),
        ]
    )[["id", "account_id", "subject", "type", "at", "created_at", "is_event"]]
    return {
        "account": account, "contact": contact, "opportunity": opportunity, "asset": asset,
        "invoice": invoice, "interaction": interaction,
        "contract": source.read("Contract", {
            "AccountId": "account_id", "ContractNumber": "name", "Status": "status",
            "StartDate": "started", "EndDate": "ended"}),
        "case": source.read("Case", {
            "AccountId": "account_id", "Subject": "subject", "Priority": "priority",
            "IsEscalated": "is_escalated", "IsClosed": "is_closed", "ClosedDate": "closed_at",
            "SLA_Breached__c": "is_breached"}),
        "usage": source.read("Usage__c", {
            "Account__c": "account_id", "Asset__c": "asset_id", "Month__c": "month",
            "Quantity__c": "quantity"}),
    }  # fmt: skip


def usage_measures(tables: dict[str, Any], as_of: Any) -> Any:
    """Return usage_change_90d and usage_zscore per account."""
    usage, asset = tables["usage"], tables["asset"].set_index("id")
    this_month = as_of.to_period("M").ordinal
    usage["back"] = this_month - 1 - usage["month"].dt.to_period("M").astype("int64")
    wide = usage[usage["back"].between(0, 12)].pivot_table(
        index=["account_id", "asset_id"], columns="back", values="quantity", aggfunc="sum"
    )
    wide = wide.reindex(columns=range(13))
    charged = asset["ended"].isna() | (asset["ended"] >= as_of - pd.DateOffset(years=1))
    weight = wide.index.get_level_values("asset_id").map(asset["usd"].where(charged).fillna(0))
    weight = np.maximum(np.asarray(weight, dtype="float64"), 1e-9)
    weight = np.where(np.isnan(weight), 1e-9, weight)
    last, before = wide[[0, 1, 2]], wide[[3, 4, 5]]
    change = (last.sum(axis=1, min_count=1) / before.sum(axis=1, min_count=1) - 1).clip(-1, 2)
    change = change.where(before.sum(axis=1) > 0)
    index = wide.div(wide[range(1, 13)].mean(axis=1).replace(0, np.nan), axis=0)
    account = wide.index.get_level_values("account_id")
    parts = index.assign(change=change)
    weighted = parts.mul(weight, axis=0).groupby(account).sum(min_count=1)
    total = parts.notna().mul(weight, axis=0).groupby(account).sum()
    mean = weighted / total.replace(0, np.nan)
    months = mean[list(range(1, 13))]
    spread = months.sub(months.median(axis=1), axis=0).abs().median(axis=1)
    zscore = (mean[0] - months.median(axis=1)) / (1.4826 * spread)
    enough = (months.notna().sum(axis=1) >= 6) & (spread > 1e-9)
    return pd.DataFrame({"usage_change_90d": mean["change"], "usage_zscore": zscore.where(enough)})


def metrics(tables: dict[str, Any], as_of: Any) -> Any:  # noqa: PLR0915 -- one list of metrics
    """Return one row per account with revenue metrics and measures."""
    year, two_years = as_of - pd.DateOffset(years=1), as_of - pd.DateOffset(years=2)
    half = as_of - pd.DateOffset(months=6)
    account = tables["account"].set_index("id")
    result = pd.DataFrame(index=account.index)

    def put(name: str, series: Any, default: float | None = None) -> None:
        values = series.reindex(result.index)
        result[name] = values if default is None else values.fillna(default)

    asset = tables["asset"]
    active = asset[
        (asset["installed"] <= as_of) & (asset["ended"].isna() | (asset["ended"] >= as_of))
    ].groupby("account_id")
    put("mrr_usd", active["usd"].sum(), 0)
    put("active_services", active.size(), 0)
    result["arr_usd"] = 12 * result["mrr_usd"]
    invoice = tables["invoice"]
    by_account = invoice.groupby("account_id")["usd"]
    put("clv_usd", by_account.sum(), 0)
    for name, after, until in (
        ("annual_revenue_usd", year, as_of),
        ("previous_annual_revenue_usd", two_years, year),
    ):
        chosen = invoice[(invoice["invoiced"] > after) & (invoice["invoiced"] <= until)]
        put(name, chosen.groupby("account_id")["usd"].sum(), 0)
    previous = result["previous_annual_revenue_usd"].replace(0, np.nan)
    result["yoy_growth"] = result["annual_revenue_usd"] / previous - 1
    open_invoice = invoice[(invoice["due"] < as_of) & invoice["paid"].isna()]
    overdue = (as_of - open_invoice["due"]).dt.days.groupby(open_invoice["account_id"]).max()
    is_invoiced = result.index.isin(invoice["account_id"])
    put("max_days_overdue", overdue)
    result["max_days_overdue"] = result["max_days_overdue"].mask(
        is_invoiced & result["max_days_overdue"].isna(), 0
    )
    put("overdue_amount_usd", open_invoice.groupby("account_id")["usd"].sum(), 0)

    def on_time(after: Any, until: Any) -> tuple[Any, Any]:
        due = invoice[(invoice["due"] > after) & (invoice["due"] <= until)]
        grouped = (due["paid"] <= due["due"]).groupby(due["account_id"])
        return grouped.mean(), grouped.size()

    put("on_time_payment_rate_12m", on_time(year, as_of)[0])
    (new, new_count), (old, old_count) = on_time(half, as_of), on_time(year, half)
    put("on_time_rate_change_6m", (new - old).where((new_count >= 3) & (old_count >= 3)))

    case = tables["case"]
    services = result["active_services"].clip(lower=1)
    age = (as_of - case["created_at"].dt.normalize()).dt.days
    closed_at = case["closed_at"]
    recent = case[age < WINDOW]
    opened = recent.groupby("account_id").size().reindex(result.index).fillna(0)
    older = case[(age >= WINDOW) & (age < 2 * WINDOW)].groupby("account_id").size()
    result["cases_per_service_90d"] = opened / services
    result["cases_change_90d"] = (opened - older.reindex(result.index).fillna(0)) / services
    severe = recent["priority"].isin(["High", "Critical"]).groupby(recent["account_id"]).mean()
    put("high_severity_share_90d", severe)
    put("sla_breaches_90d", recent.groupby("account_id")["is_breached"].sum(), 0)
    closed = case[(as_of - closed_at.dt.normalize()).dt.days < 2 * WINDOW]
    hours = (closed["closed_at"] - closed["created_at"]).dt.total_seconds() / 3600
    put("mean_resolution_hours_180d", hours.groupby(closed["account_id"]).mean())
    still = case[closed_at.isna() & ~case["is_closed"].astype(bool)]
    put("open_cases", still.groupby("account_id").size(), 0)
    put("escalated_open_cases", still.groupby("account_id")["is_escalated"].sum(), 0)

    interaction = tables["interaction"]
    last = interaction.groupby("account_id")["at"].max().dt.normalize()
    days = (as_of - last).dt.days.reindex(result.index)
    has_services = result["active_services"] > 0
    result["days_since_last_contact"] = days.mask(has_services, days.fillna(365).clip(upper=365))
    held = interaction[
        interaction["is_event"] & ((as_of - interaction["at"].dt.normalize()).dt.days < 2 * WINDOW)
    ]
    put("meetings_180d", held.groupby("account_id").size(), 0)
    put("qbrs_180d", held[held["type"] == "QBR"].groupby("account_id").size(), 0)
    deal = tables["opportunity"]
    recent_deal = deal[
        deal["is_closed"] & (deal["close_date"] <= as_of) & (deal["close_date"] > two_years)
    ]
    put("win_rate", recent_deal.groupby("account_id")["is_won"].mean())
    renewal = recent_deal[recent_deal["type"] == "Renewal"]
    put("renewal_rate_24m", renewal.groupby("account_id")["is_won"].mean())
    open_deal = deal[~deal["is_closed"].astype(bool)]
    weighted = open_deal["usd"] * open_deal["probability"] / 100
    put("pipeline_usd", open_deal.groupby("account_id")["usd"].sum(), 0)
    put("weighted_pipeline_usd", weighted.groupby(open_deal["account_id"]).sum(), 0)
    contract = tables["contract"]
    valid = contract[(contract["started"] <= as_of) & (contract["status"] != "Draft")]
    end = valid.groupby("account_id")["ended"].max()
    evergreen = valid.loc[valid["ended"].isna(), "account_id"].unique()
    put("days_to_expiry", (end.drop(evergreen, errors="ignore") - as_of).dt.days)
    return result.join(usage_measures(tables, as_of))


def scores(wide: Any) -> tuple[Any, Any]:
    """Return the contributions, one row per account, score and measure, and the scores."""
    measure = pd.read_csv(SEEDS / "score_measure.csv")
    component = pd.read_csv(SEEDS / "score_component.csv")
    curve = pd.read_csv(SEEDS / "score_curve.csv")
    parts = []
    for row in measure.itertuples():
        knots = curve[(curve["score"] == row.score) & (curve["measure"] == row.measure)]
        knots = knots.sort_values("x")
        value = wide[row.measure].dropna().astype("float64")
        points = np.interp(value, knots["x"], knots["points"])
        parts.append(
            pd.DataFrame(
                {"customer_id": value.index, "score": row.score, "component": row.component,
                 "measure": row.measure, "value": value.to_numpy(), "points": points,
                 "measure_weight": row.weight}
            )
        )  # fmt: skip
    rows = pd.concat(parts).merge(
        component.rename(columns={"weight": "component_weight"}), on=["score", "component"]
    )
    of_component = rows.groupby(["customer_id", "score", "component"])["measure_weight"]
    rows["weight"] = rows["measure_weight"] / of_component.transform("sum")
    present = rows.drop_duplicates(["customer_id", "score", "component"])
    coverage = present.groupby(["customer_id", "score"])["component_weight"].sum()
    rows = rows.join(coverage.rename("coverage"), on=["customer_id", "score"])
    rows["weight"] *= rows["component_weight"] / rows["coverage"]
    rows["contribution"] = rows["weight"] * rows["points"]
    churn = rows["score"] == "churn_risk_score"
    cost = (rows["weight"] * (100 - rows["points"])).where(~churn, rows["contribution"])
    words = np.where(churn, ": adds ", ": costs ")
    rows["driver"] = (
        rows["measure"] + " " + rows["value"].round(2).astype(str) + words
        + cost.round(1).astype(str) + " points"
    )  # fmt: skip
    enough = rows[rows["coverage"] >= 0.5 - 1e-9]
    total = enough.pivot_table(
        index="customer_id", columns="score", values="contribution", aggfunc="sum"
    )
    return rows, np.floor(total.round(9) * 10 + 0.5) / 10


def rules(wide: Any) -> tuple[Any, Any]:
    """Return alerts and recommendations by the seeds' rules."""
    test = {
        ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
    }  # fmt: skip
    alerts, fired = [], []
    for row in pd.read_csv(SEEDS / "alert_rule.csv").itertuples():
        value = wide[row.metric]
        holds = (
            value.between(row.threshold, row.upper_threshold)
            if row.operator == "between"
            else test[row.operator](value, row.threshold)
        )
        chosen = value[holds & value.notna()]
        alerts.append(
            pd.DataFrame({"customer_id": chosen.index, "code": row.alert_code,
                          "severity": row.severity, "value": chosen.to_numpy()})
        )  # fmt: skip
    alias = {"usage_growth": "usage_change_90d", "engagement_score": "engagement"}
    conditions = pd.read_csv(SEEDS / "recommendation_condition.csv")
    for rule in pd.read_csv(SEEDS / "recommendation_rule.csv").itertuples():
        holds = pd.Series(data=True, index=wide.index)
        for row in conditions[conditions["rule_id"] == rule.rule_id].itertuples():
            value = wide[alias.get(row.metric, row.metric)]
            holds &= value.notna() & test[row.operator](value, row.threshold)
        impact = wide.loc[holds, rule.impact_metric] * rule.impact_factor
        fired.append(
            pd.DataFrame({"customer_id": impact.index, "rule_id": rule.rule_id,
                          "priority": rule.priority, "impact_usd": impact.to_numpy()})
        )  # fmt: skip
    raised = pd.concat(alerts).drop_duplicates(["customer_id", "code"])
    return raised, pd.concat(fired).sort_values(["customer_id", "priority", "impact_usd"])


def timeline(tables: dict[str, Any]) -> Any:
    """Return one row per event of opportunities, contracts, cases, invoices, services, contacts."""
    plans = [
        ("opportunity", "SALES", "name", ["close_date"]),
        ("contract", "RENEWAL", "name", ["started", "ended"]),
        ("case", "SUPPORT", "subject", ["created_at", "closed_at"]),
        ("invoice", "BILLING", "name", ["invoiced", "due", "paid"]),
        ("asset", "USAGE", "name", ["installed", "ended"]),
        ("interaction", "ENGAGEMENT", "subject", ["at"]),
    ]
    parts = []
    for table, kind, title, days in plans:
        rows = tables[table]
        for day in days:
            part = rows.loc[rows[day].notna(), ["id", "account_id", title, day]]
            part = part.set_axis(["source_id", "customer_id", "title", "occurred_at"], axis=1)
            part["title"] = part["title"] + " " + day
            parts.append(part.assign(event_type=kind, event_id=day + "-" + part["source_id"]))
    return pd.concat(parts).sort_values(["customer_id", "occurred_at", "event_id"])


def main() -> None:
    """Build all tables of one data folder and write them."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    source = Source(data)
    manifest = json.loads((data / "bronze" / "manifest.json").read_text())
    finished = [run["finished_at"][:10] for run in manifest["runs"] if run["status"] == "complete"]
    as_of = pd.Timestamp(max(finished))
    tables = silver(source, as_of)
    wide = metrics(tables, as_of)
    contributions, scored = scores(wide)
    wide = wide.join(scored)
    engagement = contributions[contributions["component"] == "engagement"]
    total = (engagement["weight"] * engagement["points"]).groupby(engagement["customer_id"]).sum()
    wide["engagement"] = total / engagement.groupby("customer_id")["weight"].sum()
    alerts, recommendations = rules(wide)
    gold = {
        "customer_360_current": wide.reset_index(), "score_contribution": contributions,
        "risk_alerts": alerts, "recommendations": recommendations,
        "customer_timeline": timeline(tables),
    }  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    for name, table in {**{f"silver_{k}": v for k, v in tables.items()}, **gold}.items():
        table.to_parquet(out / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main()
