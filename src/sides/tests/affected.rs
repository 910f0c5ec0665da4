use super::*;
use crate::text::Texts;

const METRIC: &str = include_str!("../../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../../templates/starter/definitions/standards/bot_contacts.yaml");
const CASE: &str =
    include_str!("../../../templates/starter/definitions/metrics/first_contact_resolution/cases/not_yet_known.yaml");
const PROJECT: &str = include_str!("../../../templates/starter/definitions/etalon.yaml");

/// Returns the documents of texts.
fn documents(contents: &[String]) -> Vec<Document> {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let ids: Vec<_> = contents.iter().map(|content| texts.add("x.yaml", content.as_str())).collect();
    let read = |id| Document::read(id, &texts, &mut diagnostics).expect("a definition");
    ids.into_iter().map(read).collect()
}

/// Returns the starter's metric, called `id`, of a source, with a title and statement of its own.
fn metric(id: &str, source: &str) -> String {
    METRIC
        .replace("metric: first_contact_resolution", &format!("metric: {id}"))
        .replace("title: First-contact resolution", &format!("title: Share {id}"))
        .replace("statement: Share of contacts", &format!("statement: Share {id} of contacts"))
        .replace("contacts,", &format!("{source},"))
        .replace("exists: contacts", &format!("exists: {source}"))
}

/// Two sources; `first` and `second` are of one of them, `third` and `fourth` of the other, `made` is made of `first` and
/// `third`, and `fourth` has the title of `first`.
fn project() -> Vec<String> {
    let made = "metric: made\nversion: 1.0.0\nstatus: draft\neffective_from: 2026-01-01\ntitle: Made\nstatement: Made.\n\
                purpose: A test.\nowner: test\nrole: diagnostic\nunit: ratio\ndirection: neutral\nreview_by: 2026-12-31\n\
                measure: {formula: first / third}\nperiod: {grains: [day]}\n";
    vec![
        PROJECT.to_owned(),
        SOURCE.to_owned(),
        SOURCE.replace("source: contacts", "source: visits"),
        STANDARD.to_owned(),
        metric("first", "contacts"),
        metric("second", "contacts"),
        metric("third", "visits").replace("  - use: bot_contacts\n", ""),
        metric("fourth", "visits")
            .replace("title: Share fourth", "title: Share  FIRST")
            .replace("  - use: bot_contacts\n", ""),
        made.to_owned(),
    ]
}

/// Returns what is reached and what is seen when the texts at some positions become others; an empty one is removed.
fn affected(changes: &[(usize, String)], also: Option<&str>) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let old = documents(&project());
    let mut new: Vec<Option<Document>> = old.iter().cloned().map(Some).collect();
    for (position, text) in changes {
        new[*position] = (!text.is_empty()).then(|| documents(std::slice::from_ref(text)).remove(0));
    }
    let side = |documents| (documents, Diagnostics::new());
    let Affected { reached, seen } = metrics(&side(old), &side(new.into_iter().flatten().collect()), also);
    let is_metric = |name: &String| ["first", "second", "third", "fourth", "made"].contains(&name.as_str());
    let sorted = |names: BTreeSet<String>| names.into_iter().filter(is_metric).collect();
    let reached = match reached {
        Scope::Every => None,
        Scope::Only(names) => Some(sorted(names)),
        Scope::Versions(..) => panic!("nobody asked for versions"),
    };
    let seen = match seen {
        Wanted::Every => None,
        Wanted::Only(names) => Some(sorted(names)),
    };
    (reached, seen)
}

fn names(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn a_change_reaches_what_names_it_and_shows_what_could_be_like_that() {
    let edited = |position: usize| (position, project()[position].replace("to: 7d", "to: 9d"));
    // `fourth` has the title of `first`. `third` names itself, as `made` does: too many may be seen, never too few.
    let all = ["first", "fourth", "made", "second", "third"];
    assert_eq!(affected(&[edited(4)], None), (names(&["first", "made"]), names(&all)));
    assert_eq!(affected(&[edited(5)], None), (names(&["second"]), names(&["first", "second"])));
    assert_eq!(affected(&[], None), (names(&[]), names(&[])));
    assert_eq!(affected(&[], Some("second")), (names(&["second"]), names(&["first", "second"])));
}

#[test]
fn what_is_made_of_metrics_that_could_be_alike_could_be_alike_too() {
    let fifth = project()[8].replace("metric: made", "metric: fifth").replace("first / third", "second / fourth");
    let old = [documents(&project()), documents(&[fifth])].concat();
    let mut new = old.clone();
    new[4] = documents(&[project()[4].replace("to: 7d", "to: 9d")]).remove(0);
    let seen = metrics(&(old, Diagnostics::new()), &(new, Diagnostics::new()), None).seen;
    let Wanted::Only(seen) = seen else { panic!("not all") };
    assert!(seen.contains("fifth"), "{seen:?}");
}

#[test]
fn a_metric_of_which_something_is_accepted_is_reached() {
    let acceptance = "acceptance: \"26256b1b4166\"\nrule: min-sample-missing\nmetric: second\nreason: Few.\n\
                      approved_by: cleo\nexpires: 2027-02-10\n";
    let all = [documents(&project()), documents(&[acceptance.to_owned()])].concat();
    let side = || (all.clone(), Diagnostics::new());
    let Scope::Only(reached) = metrics(&side(), &side(), None).reached else { panic!("not everything") };
    assert_eq!(reached, BTreeSet::from(["second".to_owned()]));
}

#[test]
fn what_goes_reaches_what_named_it() {
    assert_eq!(affected(&[(6, String::new())], None).0, names(&["made", "third"]));
}

#[test]
fn a_change_of_what_metrics_share_reaches_those_that_name_it() {
    let standard = project()[3].replace("actor = 'bot'", "actor <> 'human'");
    assert_eq!(affected(&[(3, standard)], None).0, names(&["first", "made", "second"]));
    let source = project()[2].replace("chat", "talk");
    assert_eq!(affected(&[(2, source)], None).0, names(&["fourth", "made", "third"]));
}

#[test]
fn a_change_of_the_project_file_reaches_everything() {
    let project = project()[0].replace("edition: 2026", "edition: 2026 # as ever");
    assert_eq!(affected(&[(0, project)], None), (None, None));
}

#[test]
fn a_change_of_a_case_reaches_the_metric_that_it_proves() {
    let case = |as_of: &str| {
        let text = CASE.replace("metric: first_contact_resolution", "metric: first");
        documents(&[text.replace("as_of: 2026-01-08", &format!("as_of: {as_of}"))])
    };
    let all = documents(&project());
    let with = |case: Vec<Document>| ([all.clone(), case].concat(), Diagnostics::new());
    let (old, new) = (with(case("2026-01-08")), with(case("2026-01-09")));
    let Scope::Only(reached) = metrics(&old, &new, None).reached else { panic!("not everything") };
    assert!(reached.contains("first") && !reached.contains("second"), "{reached:?}");
}
