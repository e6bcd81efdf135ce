//! `dictionary/`: unpacks IPADIC, adds the rows of `exo.csv`, and builds the binary dictionary.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use lindera_dictionary::builder::DictionaryBuilder;
use lindera_dictionary::dictionary::metadata::Metadata;

const SOURCE: &str = "mecab-ipadic-2.7.0-20070801.tar.xz";
/// The folder under `OUT_DIR` that `src/morpheme.rs` embeds.
const NAME: &str = "exo-ipadic";

/// One row of `exo.csv`, without its proofs.
#[derive(Hash)]
pub struct Entry {
    word: String,
    class: String,
    reading: String,
    variants: Vec<String>,
    cost: Option<i16>,
}

/// Reads `exo.csv`; a row that cannot be read stops the build with its line.
pub fn entries(path: &Path) -> Vec<Entry> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut entries = Vec::new();
    for (at, row) in reader.records().enumerate() {
        let row = row.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let field = |i: usize| row.get(i).unwrap_or("").trim().to_owned();
        let cost = field(6);
        entries.push(Entry {
            word: field(0),
            class: field(1),
            reading: field(2),
            variants: field(3).split('|').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect(),
            cost: (!cost.is_empty())
                .then(|| cost.parse().unwrap_or_else(|_| panic!("{}:{}: cost {cost:?}", path.display(), at + 2))),
        });
    }
    entries
}

/// `variants.tsv`: a canonical word and its other spellings, one word a line.
pub fn write_variants(entries: &[Entry], path: &Path) {
    let mut lines = String::new();
    for entry in entries.iter().filter(|e| !e.variants.is_empty()) {
        lines.push_str(&entry.word);
        for variant in &entry.variants {
            lines.push('\t');
            lines.push_str(variant);
        }
        lines.push('\n');
    }
    fs::write(path, lines).expect("OUT_DIR is writable");
}

/// Builds the dictionary into `OUT_DIR`, unless it was built from the same sources before.
pub fn build(folder: &Path, entries: &[Entry], out: &Path) {
    let mut hasher = DefaultHasher::new();
    fs::read(folder.join(SOURCE)).expect("the dictionary's source is in the repository").hash(&mut hasher);
    fs::read(folder.join("metadata.json")).expect("metadata.json is in the repository").hash(&mut hasher);
    include_str!("dictionary.rs").hash(&mut hasher);
    entries.hash(&mut hasher);
    let stamp = format!("{:016x}", hasher.finish());
    let stamp_file = out.join("dictionary.stamp");
    let target = out.join(NAME);
    if fs::read_to_string(&stamp_file).is_ok_and(|s| s == stamp) && target.is_dir() {
        return;
    }

    let source = out.join("ipadic-source");
    let _ = fs::remove_dir_all(&source);
    let packed = fs::File::open(folder.join(SOURCE)).expect("the dictionary's source is in the repository");
    let unpacked = lzma_rust2::XzReader::new(std::io::BufReader::new(packed), true);
    tar::Archive::new(unpacked).unpack(&source).expect("the dictionary's source unpacks");
    fs::write(source.join("Exo.csv"), rows(&source, entries)).expect("OUT_DIR is writable");

    let metadata = Metadata::load(&fs::read(folder.join("metadata.json")).expect("read above")).expect("metadata.json");
    let _ = fs::remove_dir_all(&target);
    DictionaryBuilder::new(metadata).build_dictionary(&source, &target).expect("the dictionary builds");
    let _ = fs::remove_dir_all(&source);
    fs::write(stamp_file, stamp).expect("OUT_DIR is writable");
}

/// One inflected form: what follows the stem, its reading, context ids and inflection name.
struct Form {
    ending: String,
    reading: String,
    left: String,
    right: String,
    name: String,
}

/// IPADIC rows for our entries: uninflected classes take their ids from `left-id.def`,
/// inflected ones copy the forms of an IPADIC verb or adjective of the same type.
fn rows(source: &Path, entries: &[Entry]) -> String {
    let ids = context_ids(&source.join("left-id.def"));
    let verbs = forms(&source.join("Verb.csv"));
    let adjectives = forms(&source.join("Adj.csv"));
    let mut rows = String::new();
    for entry in entries.iter().filter(|e| e.class != "別表記") {
        let spellings = std::iter::once(&entry.word).chain(&entry.variants);
        for spelling in spellings {
            if let Some((kind, conjugation)) = entry.class.split_once(':') {
                let (models, class) = match kind {
                    "動詞" => (&verbs, "動詞,自立,*,*"),
                    "形容詞" => (&adjectives, "形容詞,自立,*,*"),
                    other => panic!("exo.csv: {}: unknown class {other}", entry.word),
                };
                let forms = models
                    .get(conjugation)
                    .unwrap_or_else(|| panic!("exo.csv: {}: no model for {conjugation}", entry.word));
                let (stem, stem_reading) = (without_last(spelling), without_last(&entry.reading));
                let (lemma, cost) = (&entry.word, entry.cost.unwrap_or(7000));
                for f in forms {
                    let reading = format!("{stem_reading}{}", f.reading);
                    rows.push_str(&format!(
                        "{stem}{},{},{},{cost},{class},{conjugation},{},{lemma},{reading},{reading}\n",
                        f.ending, f.left, f.right, f.name
                    ));
                }
            } else {
                let class = uninflected(&entry.class)
                    .unwrap_or_else(|| panic!("exo.csv: {}: unknown class {}", entry.word, entry.class));
                let id = ids.get(class).unwrap_or_else(|| panic!("left-id.def has no {class}"));
                let (word, reading, cost) = (&entry.word, &entry.reading, entry.cost.unwrap_or(3000));
                rows.push_str(&format!("{spelling},{id},{id},{cost},{},{word},{reading},{reading}\n", class));
            }
        }
    }
    rows
}

fn uninflected(class: &str) -> Option<&'static str> {
    Some(match class {
        "名詞" => "名詞,一般,*,*,*,*",
        "サ変" => "名詞,サ変接続,*,*,*,*",
        "形容動詞" => "名詞,形容動詞語幹,*,*,*,*",
        "固有" => "名詞,固有名詞,一般,*,*,*",
        "副詞可能" => "名詞,副詞可能,*,*,*,*",
        "接尾" => "名詞,接尾,一般,*,*,*",
        "接頭" => "接頭詞,名詞接続,*,*,*,*",
        "副詞" => "副詞,一般,*,*,*,*",
        _ => return None,
    })
}

fn context_ids(path: &Path) -> HashMap<String, String> {
    let text = fs::read_to_string(path).expect("left-id.def");
    text.lines()
        .filter_map(|line| line.split_once(' '))
        // `名詞,一般,*,*,*,*,*`: the seventh column is a lexical entry, `*` for the class itself.
        .filter_map(|(id, name)| name.strip_suffix(",*").map(|class| (class.to_owned(), id.to_owned())))
        .collect()
}

/// The forms of one model word for each inflection type.
fn forms(path: &Path) -> BTreeMap<String, Vec<Form>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("IPADIC source");
    let mut by_word: BTreeMap<(String, String), Vec<Form>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("IPADIC source");
        let (surface, kind, name, lemma, reading) = (&row[0], &row[8], &row[9], &row[10], &row[11]);
        if &row[5] != "自立" {
            continue;
        }
        let stem = without_last(lemma);
        let Some(ending) = surface.strip_prefix(stem) else { continue };
        // The kana after the stem are the last characters of the reading.
        let kana = ending.chars().count();
        let skip = reading.chars().count().saturating_sub(kana);
        by_word.entry((kind.to_owned(), lemma.to_owned())).or_default().push(Form {
            ending: ending.to_owned(),
            reading: reading.chars().skip(skip).collect(),
            left: row[1].to_owned(),
            right: row[2].to_owned(),
            name: name.to_owned(),
        });
    }
    let mut models: BTreeMap<String, Vec<Form>> = BTreeMap::new();
    for ((kind, _), forms) in by_word {
        let known = models.entry(kind).or_default();
        if forms.len() > known.len() {
            *known = forms;
        }
    }
    models
}

fn without_last(word: &str) -> &str {
    let end = word.char_indices().next_back().map_or(0, |(at, _)| at);
    &word[..end]
}
