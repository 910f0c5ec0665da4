//! A project's policy: who must sign which class of change, who is in which role, how long things take.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Fields;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::text::Spanned;
use crate::value::Duration;

/// The role of whoever owns the definition; who that is, the policy says by team.
pub const OWNER: &str = "owner";

/// What a change is, by what it can do to whoever reads the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeClass {
    /// Published numbers or their reading can change.
    Breaking,
    /// Something is added, and what was there stays as it was.
    Additive,
    /// Nothing but words.
    Wording,
    /// Who answers, until when, in which state.
    Governance,
}

impl ChangeClass {
    /// The classes, the heaviest first.
    pub const EVERY: [ChangeClass; 4] =
        [ChangeClass::Breaking, ChangeClass::Additive, ChangeClass::Wording, ChangeClass::Governance];

    /// Returns the word definitions write.
    pub fn name(self) -> &'static str {
        ["breaking", "additive", "wording", "governance"][self as usize]
    }

    /// Returns the class that definitions call by this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|class| class.name() == word)
    }
}

/// Which rules a project has adopted; each profile has the rules of those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What can move a number.
    Numbers,
    /// What can move how a number is read.
    Reading,
    /// Who decides, who answers, how long.
    Governance,
    /// Everything else that good practice asks for.
    Strict,
}

impl Profile {
    /// Returns the word definitions write.
    pub fn name(self) -> &'static str {
        ["numbers", "reading", "governance", "strict"][self as usize]
    }
}

/// Who must sign what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// What each class of change needs; a class that is not there needs nothing.
    pub signatures: BTreeMap<ChangeClass, Vec<RoleNeed>>,
    /// The people of each role beside `owner`.
    pub roles: BTreeMap<String, Vec<String>>,
    /// The people who sign for each team that owns definitions.
    pub owners: BTreeMap<String, Vec<String>>,
    /// Least time between deprecation and sunset.
    pub deprecation_grace: Option<Duration>,
    /// Whether the author of a change may sign it.
    pub allows_self_approval: bool,
}

/// A role that must sign.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleNeed {
    /// `owner`, or a role of the policy.
    pub role: String,
    /// How many of its people must sign.
    pub at_least: usize,
}

impl Policy {
    /// Returns the people who may sign in a role for a definition of the team `owner`; `None` where the policy knows no
    /// such role, or no such team.
    pub fn people(&self, role: &str, owner: &str) -> Option<&[String]> {
        let people = if role == OWNER { self.owners.get(owner) } else { self.roles.get(role) };
        people.map(Vec::as_slice)
    }
}

pub(super) fn profile(fields: &mut Fields<'_, '_>) -> Profile {
    let word = fields.inside("rules").and_then(|rules| rules.text("profile")).map(|text| text.value);
    let every = [Profile::Numbers, Profile::Reading, Profile::Governance, Profile::Strict];
    every.into_iter().find(|profile| Some(profile.name()) == word.as_deref()).unwrap_or(Profile::Reading)
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Policy> {
    let mut inner = fields.inside("policy")?;
    let (roles, owners) = (people(&mut inner, "roles"), people(&mut inner, "owners"));
    let mut policy = Policy { roles, owners, ..Policy::default() };
    policy.allows_self_approval = inner.text("self_approval").is_some_and(|word| word.value == "allow");
    policy.deprecation_grace = grace(&mut inner);
    let signatures = inner.node.get("signatures").map_or(&[][..], |list| list.items());
    let mut first = BTreeMap::new();
    for item in signatures {
        let mut inner = inner.of(item);
        let Some(word) = inner.text("for") else { continue };
        let Some(class) = ChangeClass::parse(&word.value) else { continue };
        let needed = requirements(&mut inner, &policy);
        if let Some(first) = first.insert(class, word.span) {
            let message = format!("the signatures for `{}` are given twice", class.name());
            inner.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, word.span, message)
                    .also(first, "given here")
                    .help("write the roles into one list"),
            );
        }
        policy.signatures.insert(class, needed);
    }
    Some(policy)
}

fn people(fields: &mut Fields<'_, '_>, key: &str) -> BTreeMap<String, Vec<String>> {
    let Some(inner) = fields.inside(key) else { return BTreeMap::new() };
    let mut groups = BTreeMap::new();
    for entry in inner.node.entries() {
        let group = &entry.key;
        if key == "roles" && group.value == OWNER {
            inner.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, group.span, "`owner` is the role of whoever owns a definition")
                    .help("name its people by team under `owners`"),
            );
            continue;
        }
        let mut people: Vec<String> = Vec::new();
        for person in inner.texts_of(&group.value) {
            if people.contains(&person.value) {
                let message = format!("`{}` stands twice in `{}`", person.value, group.value);
                inner
                    .diagnostics
                    .push(Diagnostic::error(codes::INVALID_VALUE, person.span, message).help("name each person once"));
                continue;
            }
            people.push(person.value);
        }
        groups.insert(group.value.to_string(), people);
    }
    groups
}

fn grace(fields: &mut Fields<'_, '_>) -> Option<Duration> {
    let grace = fields.inside("grace")?.duration("deprecation")?;
    if grace.value < Duration::ZERO {
        fields.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, grace.span, "a time of grace is not negative")
                .help("write a duration such as `90d`"),
        );
    }
    Some(grace.value)
}

fn requirements(fields: &mut Fields<'_, '_>, policy: &Policy) -> Vec<RoleNeed> {
    let roles = fields.node.get("roles").map_or(&[][..], |list| list.items());
    let mut needed: Vec<RoleNeed> = Vec::new();
    for item in roles {
        let mut inner = fields.of(item);
        let Some(role) = inner.text("role") else { continue };
        let at_least = match inner.node.get("at_least") {
            Some(_) => inner.whole("at_least", 1).and_then(|count| usize::try_from(count).ok()).unwrap_or(1),
            None => 1,
        };
        let mistake = mistake(&role, at_least, policy).or_else(|| {
            let is_twice = needed.iter().any(|other| other.role == role.value);
            is_twice.then(|| (format!("the role `{}` is asked twice", role.value), "ask each role once".to_owned()))
        });
        if let Some((message, help)) = mistake {
            inner.diagnostics.push(Diagnostic::error(codes::INVALID_VALUE, role.span, message).help(help));
        }
        needed.push(RoleNeed { role: role.value, at_least });
    }
    needed
}

/// A role that nobody can fill would stop every change.
fn mistake(role: &Spanned<String>, at_least: usize, policy: &Policy) -> Option<(String, String)> {
    if role.value == OWNER {
        return None;
    }
    let known: Vec<&str> = policy.roles.keys().map(String::as_str).chain([OWNER]).collect();
    match policy.roles.get(&role.value) {
        None => {
            let help = match nearest(&role.value, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name the people of the role under `roles`, or ask for `owner`".to_owned(),
            };
            Some((format!("the policy has no role `{}`", role.value), help))
        }
        Some(people) if people.len() < at_least => {
            let message = format!("`{}` has {} of the {at_least} people that must sign", role.value, people.len());
            Some((message, "ask for fewer, or name more people under `roles`".to_owned()))
        }
        Some(_) => None,
    }
}
