// SPDX-License-Identifier: MIT
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	var group sync.WaitGroup
	sums := make([][32]byte, 32)
	for n := range sums {
		group.Add(1)
		go func(n int) {
			defer group.Done()
			name := fmt.Sprintf("file%d", n)
			must(os.WriteFile(name, []byte(strings.Repeat(name, 10000)), 0o600))
			data, err := os.ReadFile(name)
			must(err)
			sums[n] = sha256.Sum256(data)
		}(n)
	}
	group.Wait()
	fmt.Printf("hashes %x\n", sha256.Sum256([]byte(fmt.Sprint(sums))))

	server, err := net.Listen("unix", "go.socket")
	must(err)
	go func() {
		for {
			peer, err := server.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(peer, peer)
				_ = peer.Close()
			}()
		}
	}()
	for n := 0; n < 16; n++ {
		group.Add(1)
		go func(n int) {
			defer group.Done()
			peer, err := net.Dial("unix", "go.socket")
			must(err)
			must(peer.SetDeadline(time.Now().Add(10 * time.Second)))
			_, err = fmt.Fprintf(peer, "client %d", n)
			must(err)
			must(peer.(*net.UnixConn).CloseWrite())
			data, err := io.ReadAll(peer)
			must(err)
			if string(data) != fmt.Sprintf("client %d", n) {
				panic(string(data))
			}
		}(n)
	}
	group.Wait()
	output, err := exec.Command("sh", "-c", "seq 5 | paste -sd+").Output()
	must(err)
	select {
	case <-time.After(20 * time.Millisecond):
		fmt.Printf("clients, timer, child %s", output)
	}
}
