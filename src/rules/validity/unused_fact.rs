//! A fact that nothing reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Pipeline, Placement, Rule as How, Times};
use crate::rules::{About, Findings, Meant, Rule, Subject};
use crate::text::Span;
use crate::yaml::Node;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let readings: Vec<Meant<'_>> = subject.readings().collect();
    for own in readings.chunk_by(|a, b| std::ptr::eq(a.metric, b.metric)) {
        // A fact that variants inherit is read where any of them reads it.
        let mut facts: BTreeMap<Span, (&str, bool)> = BTreeMap::new();
        for meant in own {
            let Some(pipeline) = meant.pipeline() else { continue };
            let written = meant.reading.node.get("facts").map_or(&[][..], Node::entries);
            if written.is_empty() {
                continue;
            }
            let read = read_names(meant, pipeline);
            for entry in written {
                let name = entry.key.value.as_str();
                facts.entry(entry.key.span).or_insert((name, false)).1 |= read.contains(name);
            }
        }
        for (span, (name, _)) in facts.into_iter().filter(|(_, (_, is_read))| !is_read) {
            let metric = own[0].metric;
            let message = format!("nothing in `{}` reads the fact `{name}`", metric.id.value);
            findings.add(rule, About::metric(metric), span, (name, message));
        }
    }
}

/// Returns every name of the row that a step reads.
fn read_names(meant: &Meant<'_>, pipeline: &Pipeline) -> BTreeSet<String> {
    let mut read: BTreeSet<String> = meant.plan.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    meant.plan.each_expression(&mut |slot, expression| {
        let names = if slot.is_over_event { expression.outer_columns() } else { expression.columns() };
        read.extend(names.into_iter().map(str::to_owned));
    });
    if let Placement::Anchor { column, .. } = &pipeline.filter.placement {
        read.insert(column.clone());
    }
    for fact in &pipeline.facts {
        let same: Vec<&(String, String)> = match &fact.rule {
            How::Joined(join) => join.same.iter().collect(),
            How::Related(relate) => {
                read.insert(relate.anchor.clone());
                relate.same.iter().collect()
            }
            How::Clocked(clock) => clock.counting.iter().flat_map(Times::spans).flat_map(|spans| &spans.same).collect(),
            How::Derived(_) | How::Advanced(_) => Vec::new(),
        };
        read.extend(same.into_iter().map(|(own, _)| own.clone()));
    }
    read
}
