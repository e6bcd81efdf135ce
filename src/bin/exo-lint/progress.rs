//! How far a long run has come, for people at a terminal.

use std::time::Duration;

use exo_lint::lang::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs that are over before this show nothing.
const SHORT: Duration = Duration::from_millis(500);

/// A bar on standard error; indicatif shows none where that is no terminal.
pub struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    pub fn new(files: usize, quiet: bool, lang: Lang) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        let shape =
            lang.pick("点検中 {bar:30} {pos}/{len} ファイル（残り {eta}）", "{bar:30} {pos}/{len} files ({eta} left)");
        bar.set_style(ProgressStyle::with_template(shape).expect("a template of ours"));
        Self { bar, quiet }
    }

    /// One more file is done.
    pub fn step(&self) {
        if !self.quiet
            && self.bar.is_hidden()
            && self.bar.elapsed() > SHORT
            && self.bar.length().is_some_and(|files| files > 1)
        {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
