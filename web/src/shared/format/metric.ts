import type { Unit } from "./unit";

interface MetricText {
  label: string;
  unit: Unit;
  /** How the number is computed, for its tip. */
  definition: string;
}

/** Words and units for the warehouse's metric names. A name that is not here is shown as it is. */
const METRICS: Record<string, MetricText> = {
  mrr_usd: {
    label: "MRR",
    unit: "money",
    definition: "Monthly charge of the services active on this date",
  },
  arr_usd: { label: "ARR", unit: "money", definition: "12 × MRR" },
  annual_revenue_usd: {
    label: "Annual revenue",
    unit: "money",
    definition: "Invoiced in the last 12 months; without invoices, won deals",
  },
  previous_annual_revenue_usd: {
    label: "Revenue, year before",
    unit: "money",
    definition: "Invoiced in the 12 months before the last 12",
  },
  yoy_growth: {
    label: "Growth, year on year",
    unit: "percent",
    definition: "Annual revenue against the 12 months before",
  },
  clv_usd: { label: "Lifetime value", unit: "money", definition: "Invoiced since the beginning" },
  clv_predicted_usd: {
    label: "Predicted lifetime value",
    unit: "money",
    definition: "Lifetime value plus margin on ARR over the expected remaining years",
  },
  active_services: { label: "Services", unit: "count", definition: "Services active on this date" },
  win_rate: {
    label: "Win rate",
    unit: "percent",
    definition: "Won of all opportunities closed in 24 months",
  },
  pipeline_usd: { label: "Pipeline", unit: "money", definition: "Value of open opportunities" },
  weighted_pipeline_usd: {
    label: "Weighted pipeline",
    unit: "money",
    definition: "Open opportunities × probability of winning",
  },
  days_to_leave: {
    label: "Days to leave",
    unit: "days",
    definition: "Days until the last service ends",
  },
  days_to_expiry: {
    label: "Contract",
    unit: "expiry",
    definition: "When the last active contract ends, or since when it has lapsed",
  },
  revenue_share: {
    label: "Share of revenue",
    unit: "percent",
    definition: "Of the whole portfolio's annual revenue",
  },
  customers: {
    label: "Customers",
    unit: "count",
    definition: "Companies: linked accounts count as one",
  },
  revenue_at_risk_usd: {
    label: "Revenue at risk",
    unit: "money",
    definition: "ARR of customers with a HIGH churn risk",
  },
  nrr: {
    label: "NRR",
    unit: "percent",
    definition:
      "Net revenue retention: opening MRR plus expansion, less contraction and churn, over 12 months",
  },
  grr: {
    label: "GRR",
    unit: "percent",
    definition: "Gross revenue retention: opening MRR less contraction and churn, over 12 months",
  },
  max_days_overdue: {
    label: "Longest overdue",
    unit: "days",
    definition: "Greatest days past due among unpaid invoices",
  },
  overdue_amount_usd: {
    label: "Overdue",
    unit: "money",
    definition: "Sum of what is unpaid of invoices past due",
  },
  disputed_amount_usd: {
    label: "Disputed",
    unit: "money",
    definition: "Sum of what is unpaid of invoices that the customer disputes; not overdue",
  },
  overdue_share: {
    label: "Overdue, months of charges",
    unit: "number",
    definition: "What is overdue over monthly recurring revenue",
  },
  on_time_payment_rate_12m: {
    label: "Paid on time",
    unit: "percent",
    definition: "Invoices due in 12 months that were paid by their due date",
  },
  on_time_rate_change_6m: {
    label: "Change in paying on time",
    unit: "percent",
    definition: "On-time rate of the last 6 months less that of the 6 before",
  },
  cases_change_90d: {
    label: "Change in cases per service",
    unit: "number",
    definition: "Cases per service in 90 days less the 90 before",
  },
  open_cases: { label: "Open cases", unit: "count", definition: "Cases open on this date" },
  escalated_open_cases: {
    label: "Escalated cases",
    unit: "count",
    definition: "Open cases that are escalated",
  },
  cases_per_service_90d: {
    label: "Cases per service",
    unit: "number",
    definition: "Cases opened in 90 days per active service",
  },
  high_severity_share_90d: {
    label: "Severe cases",
    unit: "percent",
    definition: "Share of High and Critical among cases opened in 90 days",
  },
  mean_resolution_hours_180d: {
    label: "Time to resolve",
    unit: "hours",
    definition: "Mean over cases closed in 180 days",
  },
  sla_breaches_90d: {
    label: "SLA breaches",
    unit: "count",
    definition: "Cases that breached their SLA in 90 days",
  },
  usage_change_90d: {
    label: "Change in usage",
    unit: "percent",
    definition: "Last 3 complete months against the 3 before, weighted by charge",
  },
  usage_growth: {
    label: "Change in usage",
    unit: "percent",
    definition: "Last 3 complete months against the 3 before, weighted by charge",
  },
  usage_zscore: {
    label: "Usage anomaly",
    unit: "number",
    definition: "Newest month against the 12 before it, in robust standard deviations",
  },
  days_since_last_contact: {
    label: "Last contact",
    unit: "days",
    definition: "Days since the last completed call, meeting, e-mail or task",
  },
  meetings_180d: { label: "Meetings", unit: "count", definition: "Events held in 180 days" },
  qbrs_180d: {
    label: "Business reviews",
    unit: "count",
    definition: "Quarterly business reviews in 180 days",
  },
  renewal_rate_24m: {
    label: "Renewals won",
    unit: "percent",
    definition: "Won of all renewals closed in 24 months",
  },
  health_score: { label: "Health", unit: "score", definition: "0 to 100, higher is better" },
  churn_risk_score: {
    label: "Churn risk",
    unit: "score",
    definition: "0 to 100, higher is riskier",
  },
  payment_history: { label: "Payment", unit: "score", definition: "Paying on time" },
  support_quality: {
    label: "Support",
    unit: "score",
    definition: "Cases, severity, speed and SLA",
  },
  usage_trends: {
    label: "Usage",
    unit: "score",
    definition: "Use of services against three months ago",
  },
  engagement: { label: "Engagement", unit: "score", definition: "Contact, meetings and renewals" },
  engagement_score: {
    label: "Engagement",
    unit: "score",
    definition: "Contact, meetings and renewals",
  },
  usage_decline: { label: "Usage decline", unit: "score", definition: "Falling use of services" },
  payment_issues: {
    label: "Payment issues",
    unit: "score",
    definition: "Overdue invoices, and paying later than before",
  },
  support_problems: {
    label: "Support problems",
    unit: "score",
    definition: "Escalations, and more cases than before",
  },
  low_engagement: { label: "Low engagement", unit: "score", definition: "Time without contact" },
};

/** "some_new_metric_90d" read out: a rule in a seed may name a metric this file has not met. */
function readOut(name: string): string {
  const words = name.replace(/_usd$/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function metricText(name: string): MetricText {
  const known = METRICS[name];
  if (known) return known;
  return {
    label: readOut(name),
    unit: name.endsWith("_usd") ? "money" : "number",
    definition: name,
  };
}
