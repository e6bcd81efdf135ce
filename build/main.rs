//! Turns the sources of law and language into what the library embeds: the morphological
//! dictionary (IPADIC plus our lexicon), the spelling variants, and the rulesets without their
//! examples. Nothing is downloaded.

mod dictionary;
mod rulesets;

use std::path::PathBuf;

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo"));
    for folder in ["build", "dictionary", "rulesets"] {
        println!("cargo:rerun-if-changed={folder}");
    }
    let entries = dictionary::entries(&root.join("dictionary/exo.csv"));
    dictionary::write_variants(&entries, &out.join("variants.tsv"));
    if std::env::var_os("CARGO_FEATURE_EMBEDDED_DICTIONARY").is_some() {
        dictionary::build(&root.join("dictionary"), &entries, &out);
        println!("cargo:rustc-env=LINDERA_WORKDIR={}", out.display());
    }
    rulesets::embed(&root.join("rulesets"), &out);
}
