//! A role that has to sign a new version of a released metric, and has not.

use super::publications::{Publication, publications};
use crate::rules::{Findings, Rule, Subject, signatures};
use crate::signing::{RoleState, Standing};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject) {
        let own = subject.new.catalog.fingerprints(&publication.metric.id.value, publication.version);
        // A version without meaning has mistakes that stop it.
        let Some(own) = own else { continue };
        for state in signatures(subject, publication.comparison, &own.data) {
            if state.missing() > told_elsewhere(&state) {
                add((rule, subject), &publication, &state, findings);
            }
        }
    }
}

/// Returns how many signatures are there and do not count for a reason that stops the change by itself.
fn told_elsewhere(state: &RoleState) -> usize {
    let is_told = |standing: Standing| matches!(standing, Standing::Stale | Standing::OwnChange);
    state.signed.iter().filter(|signed| is_told(signed.standing)).count()
}

fn add(
    (rule, subject): (&'static Rule, &Subject<'_>),
    publication: &Publication<'_>,
    state: &RoleState,
    findings: &mut Findings,
) {
    let (name, role, metric) = (publication.name(), &state.need.role, publication.metric);
    let (missing, asked) = (state.missing(), state.need.at_least);
    let message = format!(
        "`{name}` lacks {} of `{role}` for {} change",
        if asked == 1 { "the signature".to_owned() } else { format!("{missing} of {asked} signatures") },
        match publication.class.name() {
            class @ "additive" => format!("an {class}"),
            class => format!("a {class}"),
        }
    );
    let key = format!("{}|{role}", publication.version);
    let span = subject.place(metric, "version");
    let finding = findings.add(rule, publication.about(), span, (&key, message));
    finding.help(help(subject, publication, state));
    let approval = subject.new.catalog.registry.approvals.get(&name).map(|(_, approval)| approval);
    for signature in approval.into_iter().flat_map(|approval| &approval.signatures) {
        let is_it = |signed: &&crate::signing::Signed| signed.by == signature.by.value && signature.role.value == *role;
        let void = state.signed.iter().find(is_it).filter(|signed| signed.standing != Standing::Counts);
        if let Some(signed) = void {
            finding.also(signature.by.span, signed.standing.name());
        }
    }
}

/// Says who could sign, where that is written, and how.
fn help(subject: &Subject<'_>, publication: &Publication<'_>, state: &RoleState) -> String {
    let (name, role, metric) = (publication.name(), &state.need.role, publication.metric);
    let author = metric.change.as_ref().map(|change| change.author.value.as_str());
    let policy = subject.policy();
    let could: Vec<&str> = policy.map_or(Vec::new(), |policy| state.could_sign(policy, author).collect());
    let Some(first) = could.first() else {
        let whom =
            if role == crate::definition::OWNER { format!("the team `{}`", metric.owner) } else { format!("`{role}`") };
        return format!(
            "the policy of the project names nobody else who could sign for {whom}: name people there first"
        );
    };
    let file = format!("approvals/{}-{}.yaml", metric.id.value, publication.version);
    format!(
        "{} could sign: `etalon approve {name} --as {first} --role {role}` writes it into `{file}`",
        could.join(", ")
    )
}
