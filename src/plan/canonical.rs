//! One form for plans that mean the same: expressions canonical, facts named by their place.
//!
//! A fact's name is no meaning unless results are split by it. What this form does not recognise as equal counts as
//! different: whoever compares fingerprints errs on the safe side.

use std::collections::BTreeMap;

use super::{Body, Fact, Pipeline, Placement, Plan, Rule, Times};

impl Plan {
    /// Returns the plan in its canonical form; plans with equal forms give the same numbers over every table.
    pub fn canonical(&self) -> Plan {
        let mut plan = self.clone();
        plan.name_facts_by_place();
        plan.forget_names_of_parts();
        plan.visit_expressions(&mut |_, expression| *expression = expression.canonical());
        plan
    }

    /// What a part is called, and in which version, moves no number.
    fn forget_names_of_parts(&mut self) {
        for part in self.body.parts_mut() {
            part.metric.clear();
            part.version.clear();
            part.forget_names_of_parts();
        }
    }

    fn name_facts_by_place(&mut self) {
        let shown: Vec<String> = self.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
        let Body::Measured(pipeline) = &mut self.body else {
            self.body.parts_mut().into_iter().for_each(Plan::name_facts_by_place);
            return;
        };
        let hidden = pipeline.facts.iter().enumerate().filter(|(_, fact)| !shown.contains(&fact.name));
        // No column of a source can be called so.
        let names: BTreeMap<String, String> =
            hidden.map(|(place, fact)| (fact.name.clone(), format!("#{place}"))).collect();
        if names.is_empty() {
            return;
        }
        pipeline.rename(&names);
        self.visit_expressions(&mut |slot, expression| expression.rename(&names, slot.is_over_event));
    }
}

impl Pipeline {
    /// Renames facts wherever a step names them outside of expressions.
    fn rename(&mut self, names: &BTreeMap<String, String>) {
        if let Placement::Anchor { column, .. } = &mut self.filter.placement {
            renew(column, names);
        }
        for fact in &mut self.facts {
            renew(&mut fact.name, names);
            rename_matches(fact, names);
        }
    }
}

fn rename_matches(fact: &mut Fact, names: &BTreeMap<String, String>) {
    let same = match &mut fact.rule {
        Rule::Derived(_) | Rule::Advanced(_) => Vec::new(),
        Rule::Joined(join) => vec![&mut join.same],
        Rule::Related(relate) => {
            renew(&mut relate.anchor, names);
            vec![&mut relate.same]
        }
        Rule::Clocked(clock) => {
            clock.counting.iter_mut().flat_map(Times::spans_mut).map(|spans| &mut spans.same).collect()
        }
    };
    same.into_iter().flatten().for_each(|(own, _)| renew(own, names));
}

fn renew(name: &mut String, names: &BTreeMap<String, String>) {
    if let Some(new) = names.get(name.as_str()) {
        name.clone_from(new);
    }
}
