//! exo-lint finds claims that Japanese law does not allow in health and beauty advertising.
//!
//! The library does no input or output and cannot fail on any text; [`engine::check`] is the
//! whole flow. The modules stand here in reading order, which is import order: each uses only
//! those before it.

pub mod lang;
pub mod span;
pub mod script;
pub mod expression;
pub mod source;
pub mod document;
pub mod normal;
pub mod disguise;
pub mod sentence;
pub mod lexicon;
pub mod morpheme;
pub mod bunsetsu;
pub mod pattern;
pub mod provision;
pub mod product;
pub mod labelling;
pub mod rule;
pub mod config;
pub mod anchor;
pub mod scene;
pub mod note;
pub mod modality;
pub mod context;
pub mod disclosure;
pub mod ruleset;
pub mod claim;
pub mod verdict;
pub mod observation;
pub mod diagnostic;
pub mod suppression;
pub mod engine;
pub mod inspection;
pub mod report;
pub mod site;
pub mod ledger;
pub mod example;
