//! How far a long run has come, for people at a terminal.

use std::time::Duration;

use exo_lint::lang::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs that are over before this show nothing.
const SHORT: Duration = Duration::from_millis(500);

/// A bar on standard error; indicatif shows none where that is no terminal.
pub struct Progress(ProgressBar);

impl Progress {
    pub fn new(files: usize, lang: Lang) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        let shape =
            lang.pick("点検中 {bar:30} {pos}/{len} ファイル（残り {eta}）", "{bar:30} {pos}/{len} files ({eta} left)");
        bar.set_style(ProgressStyle::with_template(shape).expect("a template of ours"));
        Self(bar)
    }

    /// One more file is done.
    pub fn step(&self) {
        if self.0.is_hidden() && self.0.elapsed() > SHORT && self.0.length().is_some_and(|files| files > 1) {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.0.inc(1);
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
