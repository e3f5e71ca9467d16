#!/usr/bin/env bash
# What nmap, masscan and zmap (Debian's packages) write in each of their formats, piped live into `banner scan -i -`.
#
#     tests/bench/neighbours.sh [PYTHON]
#
# As root. Two network namespaces joined by a veth pair: the scanners in one, three greeters in the other, nothing else
# in either. Each line printed is a format and the records that came of it; the exit status is 1 if one is wrong.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-.venv/bin/python}
here=bannerscan$$ there=bannerpeer$$
folder=$(mktemp -d)

cleanup() {
    [ -z "${greeters:-}" ] || kill "$greeters" 2>/dev/null || true
    ip netns delete "$here" 2>/dev/null || true
    ip netns delete "$there" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT

ip netns add "$here"
ip netns add "$there"
ip link add here netns "$here" type veth peer name there netns "$there"
for side in "$here here 198.51.100.1" "$there there 198.51.100.2"; do
    read -r space link address <<<"$side"
    ip -n "$space" address add "$address/24" dev "$link"
    ip -n "$space" link set "$link" up
    ip -n "$space" link set lo up
done

ip netns exec "$there" "$python" - <<'EOF' &
import asyncio
import socket
from contextlib import AsyncExitStack
from banner import testing
GREETINGS = {22: b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 25: b"220 mail.example ESMTP Postfix\r\n", 8080: b"220 ftp ready\r\n"}
async def main():
    async with AsyncExitStack() as stack:
        for port, greeting in GREETINGS.items():
            await stack.enter_async_context(testing.greeter(greeting, host="198.51.100.2", port=port))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as chatter:
            while True:  # masscan 1.3.2 ends when a packet wakes it: on a silent link it waits for ever
                chatter.sendto(b"", ("198.51.100.1", 9))
                await asyncio.sleep(0.2)
asyncio.run(main())
EOF
greeters=$!
for _ in $(seq 100); do
    ip -n "$there" -o link >/dev/null
    [ "$(ip netns exec "$there" ss -Hlnt | wc -l)" = 3 ] && break
    sleep 0.1
done
mac=$(ip -n "$there" -o link show there | sed 's/.*ether \([0-9a-f:]*\).*/\1/')

wrong=0
ask() { # NAME EXPECTED COMMAND...: the command's output into banner scan
    local name=$1 expected=$2
    shift 2
    timeout 60 ip netns exec "$here" "$@" >"$folder/out" 2>"$folder/err" || true
    local found
    found=$(ip netns exec "$here" "$python" -m banner scan -i - -p 22 --mode listen --quiet <"$folder/out" |
        jq -r 'select(.status == "banner") | "\(.host):\(.port)"' | sort -t: -k2n | tr '\n' ' ' || true)
    echo "$name: $found"
    if [ "$found" != "$expected" ]; then
        wrong=1
        echo "  expected $expected" && tail -c 200 "$folder/err" "$folder/out"
    fi
}

all="198.51.100.2:22 198.51.100.2:25 198.51.100.2:8080 "
ports=22,25,80,8080
for format in X G; do
    ask "nmap -o$format" "$all" nmap -sS -Pn -n -p $ports "-o$format" - 198.51.100.2
done
ask "nmap -sV -oX" "$all" nmap -sV --version-light -Pn -n -p $ports -oX - 198.51.100.2
for format in J D L G X; do
    ask "masscan -o$format" "$all" masscan 198.51.100.2 -p$ports --rate 1000 --wait 2 -e here --router-mac "$mac" "-o$format" -
done
zmap=(zmap -i here -G "$mac" -b /dev/null -q -c 2 198.51.100.2/32)
ask "zmap" "198.51.100.2:22 " "${zmap[@]}" -p 22
ask "zmap CSV" "198.51.100.2:25 " "${zmap[@]}" -p 25 -O csv -f saddr,sport
ask "zmap CSV, all fields" "198.51.100.2:8080 " "${zmap[@]}" -p 8080 -O csv -f '*'
ask "zmap JSON" "198.51.100.2:25 " "${zmap[@]}" -p 25 -O json -f saddr,sport,success,classification
exit $wrong
