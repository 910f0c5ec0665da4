//! Who must sign a change, and how far that has come: a policy and signatures to what is still missing.
//!
//! Signatures are bound to what a version means: other words keep them, another number voids them. Whose policy counts is
//! the caller's choice; a change should be judged by the policy that it finds, not by the one it brings.

use crate::definition::{Approval, ChangeClass, Metric, Policy, RoleNeed, Signature};
use crate::value::Date;

/// What a version is signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The team that owns the definition.
    pub owner: &'a str,
    /// Who made the change.
    pub author: Option<&'a str>,
    /// What the version means now.
    pub data: &'a str,
}

/// How far a role's signatures have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleState {
    /// What is asked of the role.
    pub need: RoleNeed,
    /// Who may sign in it; empty where the policy names nobody.
    pub people: Vec<String>,
    /// Who has signed, and whether that counts.
    pub signed: Vec<Signed>,
}

/// A person's signature in a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signed {
    /// Who.
    pub by: String,
    /// Whether it counts.
    pub standing: Standing,
}

/// Whether a signature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It does.
    Counts,
    /// Another meaning was signed.
    Stale,
    /// Its time is over.
    Expired,
    /// It is dated after today.
    NotYet,
    /// The author of a change does not sign it.
    OwnChange,
    /// The policy does not name the person in this role.
    NotOfRole,
}

impl Standing {
    /// Returns what is the matter, as it follows a name.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Counts => "signed",
            Standing::Stale => "signed another meaning",
            Standing::Expired => "expired",
            Standing::NotYet => "dated after today",
            Standing::OwnChange => "made the change",
            Standing::NotOfRole => "not of this role",
        }
    }
}

impl RoleState {
    /// Returns how many signatures count.
    pub fn has(&self) -> usize {
        self.signed.iter().filter(|signed| signed.standing == Standing::Counts).count()
    }

    /// Returns how many signatures are still missing.
    pub fn missing(&self) -> usize {
        self.need.at_least.saturating_sub(self.has())
    }

    /// Returns the people who could still sign: of the role, not the author, and not yet counted.
    pub fn could_sign<'a>(&'a self, policy: &'a Policy, author: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        let counted = |name: &str| self.signed.iter().any(|it| it.by == name && it.standing == Standing::Counts);
        let is_own = move |name: &str| !policy.allows_self_approval && author == Some(name);
        self.people.iter().map(String::as_str).filter(move |name| !counted(name) && !is_own(name))
    }
}

/// Returns the roles that must sign a class of change; none where there is no policy.
pub fn required(policy: Option<&Policy>, class: ChangeClass) -> &[RoleNeed] {
    policy.and_then(|policy| policy.signatures.get(&class)).map_or(&[], Vec::as_slice)
}

/// Returns how far each role has come with a version, whose signatures stand in `approval`.
pub fn state(
    needs: &[RoleNeed],
    (policy, subject): (&Policy, Subject<'_>),
    approval: Option<&Approval>,
    today: Date,
) -> Vec<RoleState> {
    let mut states = Vec::new();
    for need in needs {
        let people = policy.people(&need.role, subject.owner).unwrap_or(&[]);
        let own = approval.iter().flat_map(|approval| approval.signatures.iter().map(move |it| (approval, it)));
        let own = own.filter(|(_, signature)| signature.role.value == need.role);
        let mut signed: Vec<Signed> = own
            .map(|(approval, signature)| {
                let is_current = approval.fingerprint.value == subject.data;
                let standing = standing(signature, is_current, (policy, people, subject.author), today);
                Signed { by: signature.by.value.clone(), standing }
            })
            .collect();
        signed.sort();
        states.push(RoleState { need: need.clone(), people: people.to_vec(), signed });
    }
    states
}

fn standing(
    signature: &Signature,
    is_current: bool,
    (policy, people, author): (&Policy, &[String], Option<&str>),
    today: Date,
) -> Standing {
    let by = signature.by.value.as_str();
    match signature {
        _ if !is_current => Standing::Stale,
        _ if !people.iter().any(|person| person == by) => Standing::NotOfRole,
        _ if author == Some(by) && !policy.allows_self_approval => Standing::OwnChange,
        Signature { on, .. } if *on > today => Standing::NotYet,
        Signature { until: Some(until), .. } if *until <= today => Standing::Expired,
        _ => Standing::Counts,
    }
}

/// Returns what a version is signed for; `data` is its data fingerprint.
pub fn subject<'a>(metric: &'a Metric, data: &'a str) -> Subject<'a> {
    let author = metric.change.as_ref().map(|change| change.author.value.as_str());
    Subject { owner: &metric.owner, author, data }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::text::{Span, Spanned, Texts};

    const MEANING: &str = "9f2c61ab00112233";

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn policy() -> Policy {
        let need = |role: &str, at_least| RoleNeed { role: role.to_owned(), at_least };
        Policy {
            signatures: BTreeMap::from([(ChangeClass::Breaking, vec![need("owner", 1), need("council", 2)])]),
            roles: BTreeMap::from([("council".to_owned(), names(&["ben", "cleo", "dora"]))]),
            owners: BTreeMap::from([("support".to_owned(), names(&["ada"]))]),
            ..Policy::default()
        }
    }

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    /// Returns signatures on the meaning: who, in which role, from and until when.
    fn approval(signatures: &[(&str, &str, &str, Option<&str>)]) -> Approval {
        let span = Span::new(Texts::new().add("a.yaml", ""), 0, 0);
        let spanned = |text: &str| Spanned::new(text.to_owned(), span);
        let signatures = signatures.iter().map(|(by, role, on, until)| Signature {
            span,
            by: spanned(by),
            role: spanned(role),
            on: day(on),
            until: until.map(day),
            note: None,
        });
        let signatures = signatures.collect();
        Approval { version: spanned("fcr@2.0.0"), fingerprint: spanned(MEANING), signatures }
    }

    /// Returns for each role what is missing and what each signature is worth.
    fn told(policy: &Policy, (author, data): (Option<&str>, &str), approval: &Approval) -> Vec<String> {
        let needs = required(Some(policy), ChangeClass::Breaking);
        let subject = Subject { owner: "support", author, data };
        let states = state(needs, (policy, subject), Some(approval), day("2026-07-10"));
        let tell = |state: &RoleState| {
            let signed: Vec<String> =
                state.signed.iter().map(|signed| format!("{} {}", signed.by, signed.standing.name())).collect();
            format!("{} lacks {}: {}", state.need.role, state.missing(), signed.join(", "))
        };
        states.iter().map(tell).collect()
    }

    #[test]
    fn each_role_is_asked_for_as_many_people_as_the_policy_says() {
        let signed = approval(&[("ada", "owner", "2026-07-01", None), ("ben", "council", "2026-07-02", None)]);
        assert_eq!(
            told(&policy(), (None, MEANING), &signed),
            ["owner lacks 0: ada signed", "council lacks 1: ben signed"]
        );
        let nobody = approval(&[]);
        assert_eq!(told(&policy(), (None, MEANING), &nobody), ["owner lacks 1: ", "council lacks 2: "]);
    }

    #[test]
    fn a_class_without_an_entry_needs_nobody_and_so_does_a_project_without_a_policy() {
        assert!(required(Some(&policy()), ChangeClass::Wording).is_empty());
        assert!(required(None, ChangeClass::Breaking).is_empty());
    }

    #[test]
    fn another_meaning_voids_every_signature() {
        let signed = approval(&[("ada", "owner", "2026-07-01", None)]);
        let other = told(&policy(), (None, "0000000000000000"), &signed);
        assert_eq!(other[0], "owner lacks 1: ada signed another meaning");
    }

    #[test]
    fn a_signature_counts_from_its_day_until_the_day_before_it_ends() {
        let until = |on: &str, until: &str| {
            told(&policy(), (None, MEANING), &approval(&[("ada", "owner", on, Some(until))])).swap_remove(0)
        };
        assert_eq!(until("2026-07-10", "2026-07-11"), "owner lacks 0: ada signed");
        assert_eq!(until("2026-07-09", "2026-07-10"), "owner lacks 1: ada expired");
        assert_eq!(until("2026-07-11", "2026-07-12"), "owner lacks 1: ada dated after today");
    }

    #[test]
    fn the_author_of_a_change_signs_it_only_where_the_policy_allows_that() {
        let signed = approval(&[("ada", "owner", "2026-07-01", None)]);
        assert_eq!(told(&policy(), (Some("ada"), MEANING), &signed)[0], "owner lacks 1: ada made the change");
        let lenient = Policy { allows_self_approval: true, ..policy() };
        assert_eq!(told(&lenient, (Some("ada"), MEANING), &signed)[0], "owner lacks 0: ada signed");
    }

    #[test]
    fn only_people_of_the_role_sign_in_it() {
        let signed = approval(&[("ada", "council", "2026-07-01", None), ("ben", "owner", "2026-07-01", None)]);
        assert_eq!(
            told(&policy(), (None, MEANING), &signed),
            ["owner lacks 1: ben not of this role", "council lacks 2: ada not of this role"]
        );
    }

    #[test]
    fn who_could_still_sign_is_of_the_role_and_neither_author_nor_counted() {
        let policy = policy();
        let signed = approval(&[("ben", "council", "2026-07-01", None)]);
        let needs = required(Some(&policy), ChangeClass::Breaking);
        let subject = Subject { owner: "support", author: Some("cleo"), data: MEANING };
        let states = state(needs, (&policy, subject), Some(&signed), day("2026-07-10"));
        assert_eq!(states[1].could_sign(&policy, Some("cleo")).collect::<Vec<_>>(), ["dora"]);
    }
}
