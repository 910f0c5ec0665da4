//! What teams deploy: a metric as a query, a view, a table, a model of dbt, in files that can be committed.
//!
//! Each file says in its head what it was made of, so that it can be told later whether it is still what was approved.
//! Knows no engine and prints nothing.

pub mod committed;
mod dbt;
mod dialect;
mod files;
mod head;
pub mod movement;
mod query;
pub mod settings;
pub mod stamp;
mod statements;
mod subject;
pub mod told;

pub use dialect::Words;
pub use files::{Deployment, File, Files, deployment, files};
pub use query::{Refusal, asks_for_periods, standing};
pub use settings::{Form, Kept, Moment, Settings};
pub use stamp::Stamp;
pub use subject::Subject;
