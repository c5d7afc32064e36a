"""The training files are read once, and what is read is what Rasa reads."""

from __future__ import annotations

from pathlib import Path

from rasa_side import in_rasa


def test_it_finds_and_reads_what_rasas_own_importer_does(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from rasa.shared.importers.rasa import RasaFileImporter
        from bot.importer import ReadOnceImporter
        folder = Path(sys.argv[1])
        text = 'version: "3.1"\\nnlu:\\n- intent: greet\\n  examples: |\\n'
        (folder / "greet.yml").write_text(text + "    - hi\\n    - hello\\n")
        rule = "version: '3.1'\\nrules:\\n- rule: a\\n  steps:\\n  - intent: greet\\n"
        (folder / "rules.yml").write_text(rule + "  - action: action_greet\\n")
        given = ("config.yml", "domain.yml", [str(folder)])
        own, ours = RasaFileImporter(*given), ReadOnceImporter(*given)
        assert ours._nlu_files == own._nlu_files
        assert ours._story_files == own._story_files
        told = [one.as_dict() for one in own.get_nlu_data().training_examples]
        read = ours.get_nlu_data()
        assert [one.as_dict() for one in read.training_examples] == told
        assert ReadOnceImporter(*given).get_nlu_data() is read
        (folder / "greet.yml").write_text(text + "    - hey there you\\n")
        after = ReadOnceImporter(*given).get_nlu_data().training_examples
        print([one.get("text") for one in after])
    """
    assert in_rasa(script, tmp_path) == "['hey there you']"
