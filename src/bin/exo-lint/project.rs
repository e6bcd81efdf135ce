//! The folder that paths are told from in outputs that outlive the run: wherever the program is started,
//! the same file has the same name.

use std::path::{Path, PathBuf};

/// Where a project begins.
#[derive(Clone, Debug, Default)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The nearest repository around the current folder; without one the folder of `config`, or this one.
    pub fn around(config: Option<&Path>) -> Self {
        let here = std::env::current_dir().map(|here| real(&here)).unwrap_or_default();
        let repository = here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let configured = || config.and_then(|file| real(file).parent().map(Path::to_owned));
        Self { root: repository.or_else(configured).unwrap_or(here) }
    }

    /// Where something of the project is.
    pub fn path(&self, id: &str) -> PathBuf {
        self.root.join(id)
    }

    /// The same as it would be typed from here.
    pub fn shown(&self, id: &str) -> PathBuf {
        let path = self.path(id);
        let here = std::env::current_dir().map(|here| real(&here)).unwrap_or_default();
        path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
    }

    /// The nearest file of a name above the current folder, as it would be typed.
    pub fn nearest(&self, name: &str) -> Option<PathBuf> {
        let here = std::env::current_dir().ok()?;
        let file = here.ancestors().map(|folder| folder.join(name)).find(|file| file.is_file())?;
        Some(file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file))
    }

    /// The path of a file inside the project, divided by `/`; outside of it the whole path.
    pub fn id(&self, path: &Path) -> String {
        let real = real(path);
        let inside = real.strip_prefix(&self.root).unwrap_or(&real);
        inside.display().to_string().replace('\\', "/")
    }
}

/// Where a path leads, without links and dots; a file that is none (standard input) may have a name, too.
pub fn real(path: &Path) -> PathBuf {
    let of_folder = || {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    let real = path.canonicalize().ok().or_else(of_folder);
    real.or_else(|| std::path::absolute(path).ok()).unwrap_or_else(|| path.to_owned())
}
