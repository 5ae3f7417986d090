package node

import (
	"bytes"
	"net/http"
	"strconv"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// BenchmarkStow stores CT slices of 512² by STOW-RS, so many in a request.
func BenchmarkStow(b *testing.B) {
	for _, batch := range []int{1, 25} {
		b.Run(strconv.Itoa(batch), func(b *testing.B) { benchStow(b, batch) })
	}
}

func benchStow(b *testing.B, batch int) {
	b.Helper()
	n := answering(b, Config{Chain: noChain, Listen: "127.0.0.1:0", DIMSEListen: none}, nil)
	token, err := n.CreateToken(b.Context(), sinso.RoleClinician, "", time.Hour, "bench")
	if err != nil {
		b.Fatal(err)
	}
	pixels := make([]byte, 2*512*512)
	for i := range pixels {
		pixels[i] = byte(i * i >> 7)
	}
	at := 0
	for b.Loop() {
		b.StopTimer()
		var body bytes.Buffer
		for range batch {
			body.WriteString("--B\r\nContent-Type: application/dicom\r\n\r\n")
			body.Write(slice(b, 512, "1.2.3.4", at, pixels))
			body.WriteString("\r\n")
			at++
		}
		body.WriteString("--B--\r\n")
		b.StartTimer()
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, n.Config.URL+"/dicom-web/studies", &body)
		if err != nil {
			b.Fatal(err)
		}
		request.Header.Set("Content-Type", `multipart/related; type="application/dicom"; boundary=B`)
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		if answer.StatusCode != http.StatusOK {
			b.Fatalf("got status %d", answer.StatusCode)
		}
		_ = answer.Body.Close() // it was not looked at
	}
	b.ReportMetric(float64(at)/b.Elapsed().Seconds(), "instances/s")
}
