//! Deployed SQL against approved definitions.
//!
//! An object is what was approved where a parser understands both alike. The catalogue of a database may keep a view in words of
//! its own: then both are compared in these. Where texts differ both are run over the tables of cases and over others, and what
//! they answer decides. Whoever reads what is deployed makes a list of [`Deployed`].

mod approved;
mod catalogue;
mod deployed;
mod judge;
mod objects;
mod pairs;
pub mod statement;
mod tables;
mod template;
pub mod told;
mod trial;
mod verdict;

pub use approved::{Approved, Unapproved};
pub use catalogue::of_catalogue;
pub use deployed::{Deployed, Relations, Writing, of_files, of_manifest};
pub use judge::Bench;
pub use objects::Objects;
pub use trial::Witness;
pub use verdict::{Judged, Verdict};
