"""How the wide plan tables are laid out for a page: parts of at most eight columns, each with a number and a title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hginventory.report.plan.measures import COSTS
from hginventory.report.record import ADDED, CAUSES, REMOVED, ZERO

MOST_COLUMNS = 8  # of a table that is pasted into a page
SOURCE = "source_name"  # plant and unit together
ID = "unit_id"


@dataclass(frozen=True)
class Part:
    """A part of a plan table, complete on a page by itself.

    Attributes
    ----------
    number, name, title : str
        As N1b, the name of its file, and what it contains.
    columns : tuple of str
        Its columns in order; one that ends in ``*`` takes all that begin so, one that a run does not have is left out.
    """

    number: str
    name: str
    title: str
    columns: tuple[str, ...]


def _parts(*parts: tuple[str, str, str, str]) -> tuple[Part, ...]:
    return tuple(Part(number, name, title, tuple(columns.split())) for number, name, title, columns in parts)


PARTS: Mapping[str, tuple[Part, ...]] = {
    "N1": _parts(
        ("N1a", "source_register", "Source register: names and place (Article 8(2), Annex D)",
         "source_name unit_id owner country admin1 latitude longitude data_source"),
        ("N1b", "source_register_technology", "Source register: type, fuel, size and controls",
         "source_name annex_d_category toolkit_code technology fuel_or_kiln_type capacity capacity_unit controls"),
        ("N1c", "source_register_years", "Source register: state, years and emissions",
         "source_name status construction_start substantial_modification_date start_year planned_retirement "
         "air_base_year_kg"),
    ),
    "N1d": _parts(("N1d", "data_sources", "Sources of the data of the register", "number citation url licence")),
    "N2": _parts(
        ("N2a", "unit_inventory", "Inventory by source: emissions to air (Article 8(7))",
         "source_name admin1 hg_input_kg air_kg air_kg_mean air_kg_p05 air_kg_p50 air_kg_p95"),
        ("N2b", "unit_inventory_factors", "Inventory by source: activity, emission factor and form of the mercury",
         "source_name activity activity_unit ef_air ef_unit hg0_kg hg2_kg hgp_kg"),
        ("N2c", "unit_inventory_method", "Inventory by source: method and data quality",
         "source_name annex_d_category year method_tier data_quality factor_ids note"),
    ),
    "N3": _parts(
        ("N3a", "toolkit_summary", "National summary in UNEP Toolkit categories: activity and input",
         "sub_category toolkit_code units activity_rate activity_unit input_factor_g_per_t hg_input_kg share_of_total"),
        ("N3b", "toolkit_pathways", "National summary in UNEP Toolkit categories: output pathways",
         "sub_category air_kg water_kg land_kg product_kg general_waste_kg sector_disposal_kg unknown_sink_kg "
         "sum_check_kg unlisted_removal_kg"),
        ("N3c", "toolkit_interval", "National summary in UNEP Toolkit categories: intervals of emissions",
         "sub_category air_kg air_kg_mean air_kg_p05 air_kg_p50 air_kg_p95"),
    ),
    "N4": _parts(
        ("N4", "coverage_test", "75 per cent of each category (Article 8(2)(b))",
         "annex_d_category criterion units_total units_covered emission_kg covered_share covered_share_p05 p_covers"),
        ("N4b", "coverage_amounts", "75 per cent of each category: amounts and smallest sets",
         "annex_d_category criterion covered_kg smallest_set_size guidance"),
    ),
    "N4a": _parts(
        ("N4a", "sources_in_order", "Sources of each category in order of emissions",
         "annex_d_category rank source_name admin1 air_base_year_kg cumulative_share in_set p_in_set"),
        ("N4c", "sources_in_order_interval", "Sources in order of emissions: intervals",
         "annex_d_category rank source_name air_base_year_kg air_base_year_kg_p05 air_base_year_kg_p50 "
         "air_base_year_kg_p95"),
    ),
    "N5a": _parts(("N5a", "convention_dates", "Dates of Article 8 for the Party",
                   "party entry_into_force new_source_from plan_due new_bat_due inventory_due existing_due "
                   "date_source")),
    "N5": _parts(("N5b", "new_existing_deadlines", "New and existing sources, and deadlines",
                  "source_name construction_start start_year source_class bat_deadline measures_deadline "
                  "years_left_at_deadline evidence")),
    "N6": _parts(
        ("N6", "measures", "Measures (Article 8(4) and (5))",
         "scenario annex_d_category measure paragraph units goal_or_limit limit_unit reference_o2"),
        ("N6e", "measures_avoided", "Emissions avoided by the measures in the target year",
         "scenario annex_d_category year baseline_kg scenario_kg avoided_kg avoided_kg_p05 avoided_kg_p95"),
        ("N6f", "measures_progress", "Emissions over time with the measures (Article 8(6))",
         "scenario annex_d_category start_year air_kg_* past_age_kg"),
        ("N6g", "measures_costs", "Costs of the measures",
         " ".join(("scenario annex_d_category", *COSTS))),
        ("N6k", "measures_cost_terms", "Terms of the costs of the measures", "scenario annex_d_category cost_terms"),
    ),
    "N6l": _parts(
        ("N6l", "measures_plans", "Measures next to plans of equal kilograms and of equal money",
         "plan units_changed kg_per_yr annuity_musd usd_per_kg p_cheapest units_without_price"),
    ),
    "N6a": _parts(
        ("N6a", "target_line", "Target compared with the base year and with no plan",
         "reading reference_year reference_kg past_age_kg target_percent target_year allowed_kg note"),
        ("N6h", "target_by_scenario", "Target: amount still to be avoided by scenario",
         "reading scenario p_met is_met as_it_would_be_kg allowed_kg avoided_kg to_avoid_kg"),
    ),
    "N6b": _parts(
        ("N6b", "action_matrix", "Action matrix: who does what, where and when",
         "no scenario action unit_set agency start end indicator"),
        ("N6i", "action_matrix_effect", "Action matrix: avoided emissions and costs",
         "no action units year avoided_kg npv_musd annuity_musd usd_per_kg"),
    ),
    "N6c": _parts(
        ("N6c", "by_province", "Emissions by province",
         "admin1 annex_d_category units units_running hg_input_kg air_base_year_kg lifetime_kg share"),
        ("N6j", "by_province_interval", "Emissions by province: intervals",
         "country admin1 annex_d_category air_base_year_kg air_base_year_kg_mean air_base_year_kg_p05 "
         "air_base_year_kg_p50 air_base_year_kg_p95"),
    ),
    "N6d": _parts(("N6d", "avoided_by_year", "Emissions avoided by year and category",
                   "scenario annex_d_category year air_kg past_age_kg avoided_kg avoided_kg_p05 avoided_kg_p95")),
    "N7": _parts(
        ("N7a", "lifetime_ranking", "Remaining-lifetime emissions and rank",
         "rank source_name sector admin1 air_kg_per_yr remaining_years lifetime_kg share"),
        ("N7b", "lifetime_interval", "Remaining-lifetime emissions: intervals of amounts",
         "rank source_name sector lifetime_kg lifetime_kg_p05 lifetime_kg_p50 lifetime_kg_p95"),
        ("N7c", "rank_interval", "Remaining-lifetime emissions: intervals of ranks",
         "rank source_name sector rank_p05 rank_median rank_p95 p_top* top_class"),
        ("N7d", "emission_rates", "Emission rates of the sources in order of rank",
         "rank source_name sector g_per_gwh g_per_t_clinker"),
    ),
    "N8": _parts(
        ("N8a", "options", "Options at the largest sources: measures and controls",
         "source_name measure paragraph applies first_year train_before train_after feasibility"),
        ("N8b", "options_avoided", "Options at the largest sources: emissions avoided",
         "source_name measure avoided_kg_per_yr avoided_kg_per_yr_p05 avoided_kg_per_yr_p95 avoided_kg conditions"),
        ("N8c", "cost_effectiveness", "Options at the largest sources: cost per kilogram avoided (Article 13(8))",
         "source_name measure capital_musd npv_musd annuity_musd usd_per_kg usd_per_kg_low usd_per_kg_high"),
        ("N8d", "cost_terms", "Options at the largest sources: terms of the costs",
         "measure currency price_year discount_rate life_years cost_notes"),
        ("N8e", "options_co_benefits", "Options at the largest sources: other pollutants and waste",
         "source_name measure so2_taken_out pm_taken_out nox_taken_out moved_to_sea_kg_per_yr "
         "moved_to_ash_kg_per_yr waste_effect"),
    ),
    "N9": _parts(
        ("N9a", "cross_media_air", "Mass balance: mercury input and emissions to air (Article 8(8)(a))",
         "source_name admin1 annex_d_category year hg_in_kg air_hg0_kg air_hg2_kg air_hgp_kg"),
        ("N9b", "cross_media_solids", "Mass balance: ash, gypsum, water, products, waste (Articles 9(6), 11)",
         "source_name bottom_ash_kg fly_ash_kg fgd_solids_kg water_kg product_kg waste_kg unknown_sink_kg "
         "closure_error_percent unlisted_removal_kg"),
    ),
    "N10": _parts(
        ("N10a", "limit_check", "Sources compared with the limits of their country",
         "source_name instrument limit limit_unit estimated above p_exceed stated_to_comply kg_above"),
        ("N10b", "limit_check_interval", "Sources compared with limits: intervals of the estimates",
         "source_name admin1 instrument limit estimated estimated_p05 estimated_p50 estimated_p95"),
        ("N10c", "limits", "The limits and their reference conditions",
         "jurisdiction instrument applies_to limit limit_unit averaging reference"),
    ),
    "N11": _parts(
        ("N11a", "article_21_answers", "Article 21 answer sheet",
         "question_id question answer draft needs_human_input evidence_table evidence_row"),
        ("N11b", "article_21_numbers", "Article 21 answer sheet: numbers of the answers",
         "question_id question number number_unit past_age_kg evidence_table evidence_row"),
    ),
    "N12": _parts(
        ("N12a", "other_estimates", "Other published estimates",
         "source year country annex_d_category scope_definition their_kg their_low_kg their_high_kg"),
        ("N12b", "estimates_compared", "This inventory compared with other estimates",
         "source annex_d_category our_year our_units our_kg ratio inside_interval explanation"),
        ("N12c", "estimates_interval", "This inventory compared with other estimates: intervals",
         "source annex_d_category our_kg our_kg_mean our_kg_p05 our_kg_p50 our_kg_p95"),
    ),
    "N13": _parts(
        ("N13", "factor_register", "Factor register: rows and values",
         "no factor_id parameters units emission_kg value unit_of_value read_or_recalled"),
        ("N13b", "factor_uncertainty", "Factor register: uncertainty",
         "no value unit_of_value basis distribution p05 p95 correlated_with"),
        ("N13c", "factor_sources", "Factor register: sources", "no factor_id source locator note"),
    ),
    "N13a": _parts(("N13a", "uncertainty_drivers", "Contributions to the uncertainty",
                    "factor scope shared variance_share variance_share_error variance_share_at_all")),
    "N14": _parts(
        ("N14", "recalculation_log", "Recalculation log",
         "quantity change reason affected_units total_before_kg total_after_kg change_kg date"),
        ("N14b", "recalculation_versions", "Recalculation log: versions compared", "version_before version_after date"),
    ),
    "N14a": (
        Part("N14a", "recalculated_units", "Recalculated units",
             (SOURCE, "rank_before", "rank_after", "lifetime_kg_before", "lifetime_kg_after", "change_kg", "changed")),
        Part("N14c", "recalculated_units_causes", "Recalculated units: change by cause",
             (SOURCE, *CAUSES, ADDED, REMOVED, ZERO)),
    ),
}  # fmt: skip


def number_order(number: str) -> tuple[int, str]:
    """Return what numbers of tables are sorted by.

    >>> sorted(["N10a", "N2b", "N2a"], key=number_order)
    ['N2a', 'N2b', 'N10a']
    """
    digits = number[1:].rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits), number[1 + len(digits) :]
