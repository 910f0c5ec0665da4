//! What must not stand in the plan of a metric: operators that would bring many rows to one node, or pair all with all.
//!
//! Rows are many where they come from a table and have not been brought together by period and dimensions.

use super::tree::Operator;

/// Names of operators that read constants of the query.
const CONSTANT: [&str; 3] = ["LocalTableScan", "OneRowRelation", "EmptyRelation"];

/// Returns what is forbidden in the plan. `cells` are the columns by which rows become the cells of a result.
pub(super) fn faults(plan: &Operator, cells: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    plan.walk(&mut |operator| faults.extend(fault(operator, cells)));
    faults
}

fn fault(operator: &Operator, cells: &[&str]) -> Option<String> {
    let are_many = |position: usize| operator.inputs.get(position).is_some_and(|input| is_many(input, cells));
    let arguments = operator.detail("Arguments");
    let what = match operator.name.as_str() {
        "Sort" if arguments.contains("], true,") && are_many(0) => "sorts many rows of all nodes",
        "Exchange" if arguments.starts_with("rangepartitioning") && are_many(0) => "sorts many rows of all nodes",
        "Exchange" if arguments.starts_with("SinglePartition") && are_many(0) => "brings many rows to one node",
        "TakeOrderedAndProject" | "CollectLimit" | "GlobalLimit" if are_many(0) => "brings many rows to one node",
        "CartesianProduct" => "pairs all rows with all",
        "BroadcastNestedLoopJoin" if are_many(0) && are_many(1) => "pairs all rows with all",
        _ => return None,
    };
    Some(format!("{} {what}: {} {arguments}", operator.name, operator.kind))
}

/// Tells whether what the operator returns grows with the rows of a table.
fn is_many(operator: &Operator, cells: &[&str]) -> bool {
    if operator.inputs.is_empty() {
        return !CONSTANT.contains(&operator.name.as_str());
    }
    if operator.name.ends_with("Aggregate") {
        let keys = operator.detail("Keys").trim_matches(['[', ']']);
        let mut keys = keys.split(", ").filter(|key| !key.is_empty()).map(|key| key.split('#').next().unwrap_or(key));
        if keys.all(|key| cells.contains(&key)) {
            return false;
        }
    }
    operator.inputs.iter().any(|input| is_many(input, cells))
}
