package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// dicomDRE is the version of PyPI's dicom-dre that scripts/test-deps installs.
const dicomDRE = "1.4.2"

// outputs names the output of each input; no output is nil.
type outputs map[string]*string

// tool is a de-identifier: run takes the corpus to a folder.
type tool struct {
	name, version string
	run           func(ctx context.Context, in, out string) (outputs, error)
}

// all are the tools that are here, ours first.
func (b *bench) all(ctx context.Context) []tool {
	tools := []tool{{"sinso", salesProfile, b.sinso}}
	if os.Getenv("BENCH_ONLY") == "ours" {
		return tools
	}
	tools = append(tools,
		tool{"Orthanc", first(ctx, "Orthanc", "--version"), b.orthanc},
		tool{"gdcmanon", first(ctx, "gdcmanon", "--version"), b.gdcmanon})
	if _, err := os.Stat(filepath.Join(dreFolder(), "python")); err != nil {
		fmt.Fprintf(os.Stderr, "dicom-dre %s is left out: scripts/test-deps installs it where there is Python 3.12\n", dicomDRE)
		return tools
	}
	return append(tools, tool{"dicom-dre", dicomDRE, b.dre})
}

// salesProfile is the profile of ours that is scored.
const salesProfile = "research-sale"

// first returns the first line of what a program says of itself, but for its name.
func first(ctx context.Context, name string, arg ...string) string {
	out, err := exec.CommandContext(ctx, name, arg...).CombinedOutput() //nolint:gosec // names of our own
	line, _, _ := strings.Cut(string(out), "\n")
	if err != nil && line == "" {
		return "unknown"
	}
	for word := range strings.FieldsSeq(line) {
		if word[0] >= '0' && word[0] <= '9' {
			return word
		}
	}
	return strings.TrimSpace(line)
}

// deid is the command line of ours.
func (b *bench) deid(ctx context.Context, in, out, profile string, more ...string) *exec.Cmd {
	args := append([]string{"deid", in, out, "--profile", profile}, more...)
	return exec.CommandContext(ctx, b.bin, args...) //nolint:gosec // the program just built
}

func (b *bench) sinso(ctx context.Context, in, out string) (outputs, error) {
	report := b.path("report.jsonl")
	more := []string{"--report", report}
	if strings.Contains(b.help, "--report-names") {
		more = append(more, "--report-names")
	}
	const partly = 3 // the exit status where something was withheld
	_, err := quiet(b.deid(ctx, in, out, salesProfile, more...))
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != partly) {
		return nil, err
	}
	lines, err := os.Open(report) //nolint:gosec // a path of our own
	if err != nil {
		return nil, err
	}
	defer func() { _ = lines.Close() }() // only read
	return reported(lines, out)
}

// reported reads the outputs from the report of ours. What lies in the folder of what was withheld is no output.
func reported(report io.Reader, out string) (outputs, error) {
	made := outputs{}
	scanner := bufio.NewScanner(report)
	scanner.Buffer(nil, 64<<20) // a line lists every change of a file
	for scanner.Scan() {
		var line struct{ In, Out string }
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		name := filepath.Base(line.In)
		if made[name] = nil; line.Out == "" {
			continue
		}
		within, err := filepath.Rel(out, line.Out)
		if err != nil || !filepath.IsLocal(within) {
			within = line.Out // a report may name its outputs from the folder
		}
		if strings.HasPrefix(within, "withheld"+string(filepath.Separator)) {
			continue
		}
		path := filepath.Join(out, within)
		made[name] = &path
	}
	return made, scanner.Err()
}

func (b *bench) orthanc(ctx context.Context, in, out string) (outputs, error) {
	made, list := outputs{}, b.path("orthanc.json")
	shim := filepath.Join("internal", "node", "testdata", "loopback.c")
	if _, err := python(ctx, "orthanc.py", "--in", in, "--out", out, "--map", list, "--shim", shim); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(list) //nolint:gosec // a path of our own
	if err != nil {
		return nil, err
	}
	return made, json.Unmarshal(text, &made)
}

// gdcmanon runs its Basic Application Level Confidentiality Profile, which encrypts what
// it replaces for the holder of a key; the key is made here and thrown away. It stops at the first file that
// it cannot do, so that each is tried alone first; then all that it can do go in one run,
// as its UIDs agree within a run only.
func (b *bench) gdcmanon(ctx context.Context, in, out string) (outputs, error) {
	key, certificate := b.path("gdcmanon.key"), b.path("gdcmanon.pem")
	request := exec.CommandContext(ctx, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bench", "-keyout", key, "-out", certificate) //nolint:gosec // paths of our own
	if _, err := quiet(request); err != nil {
		return nil, err
	}
	can := b.path("gdcmanon.in")
	for _, dir := range []string{out, can} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	entries, err := os.ReadDir(in)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		from, tried := filepath.Join(in, entry.Name()), b.path("gdcmanon.tried")
		if exec.CommandContext(ctx, "gdcmanon", "-e", "-c", certificate, "-i", from, "-o", tried).Run() != nil { //nolint:gosec // paths of our own
			continue
		}
		if err := os.Link(from, filepath.Join(can, entry.Name())); err != nil {
			return nil, err
		}
	}
	if _, err := quiet(exec.CommandContext(ctx, "gdcmanon", "-e", "-c", certificate, "-i", can, "-o", out, "-r")); err != nil { //nolint:gosec // paths of our own
		return nil, err
	}
	return sameNames(in, out)
}

// dreFolder is where scripts/test-deps puts dicom-dre.
func dreFolder() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "sinso", "dicom-dre-"+dicomDRE)
}

// dre runs dicom-dre's default profile with its own catalogue and list of words.
func (b *bench) dre(ctx context.Context, in, out string) (outputs, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(dreFolder(), "python"), "-c", "from dicom_dre.cli import cli; cli()", //nolint:gosec // what scripts/test-deps installed
		"deidentify", in, "-o", out, "-r", "--no-rename-to-sop-uid", "--hash-salt", "bench")
	cmd.Env = append(os.Environ(), "PYTHONPATH="+dreFolder())
	_, err := quiet(cmd)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return sameNames(in, out)
}

// sameNames finds the outputs of a tool that keeps names.
func sameNames(in, out string) (outputs, error) {
	entries, err := os.ReadDir(in)
	if err != nil {
		return nil, err
	}
	made, some := outputs{}, false
	for _, entry := range entries {
		made[entry.Name()] = nil
		path := filepath.Join(out, entry.Name())
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			made[entry.Name()], some = &path, true
		}
	}
	if !some {
		return nil, errors.New("it made no output at all")
	}
	return made, nil
}
