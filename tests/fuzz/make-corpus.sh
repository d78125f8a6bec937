#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the seeds of the fuzz targets: the real guests' messages of tests/captures, and edge cases that were thought of.
#	tests/fuzz/make-corpus.sh [FOLDER]
# FOLDER is tests/fuzz/corpus. What is there beside (a former finding) stays. Formats: the head of each fuzz_TARGET.c.
set -eu -o pipefail
cd "$(dirname "$0")/../.."

corpus=${1:-tests/fuzz/corpus}

# seed TARGET/NAME: standard input becomes that file.
seed() {
	mkdir -p "$corpus/${1%/*}"
	cat >"$corpus/$1"
}

# seeds TARGET PREFIX TEXT...: files 01, 02 ... of a prefix and a text each, escapes as printf(1) has them in %b.
seeds() {
	local target=$1 prefix=$2 text number=0
	shift 2
	for text; do
		number=$((number + 1))
		printf '%b' "$prefix$text" | seed "$target/$(printf %02d "$number")"
	done
}

# The texts of a capture's notifications, unescaped, each but the first of its kind left out where UNIQUE is set, with
# SEPARATOR (as %b has it) behind each.
capture() {
	local name=$1 separator=$2 text seen=" "
	while IFS=$'\t' read -r _ text; do
		[[ $seen != *" ${text%%[0-9]*} "* ]] || continue
		seen+="${text%%[0-9]*} "
		printf '%b' "$text$separator"
	done <"tests/captures/$name.tsv"
}

lives() {
	local file name number=0
	for file in tests/captures/*.tsv; do
		name=${file##*/}
		number=$((number + 1))
		{
			printf "$2"
			capture "${name%.tsv}" "$3"
		} | seed "$1/life-$number"
	done
}

# ---- message: three bytes of keys, records ended by ff fe --------------------------------------

end='\xff\xfe'
lives message '\0\0\0' "$end"
{
	printf '\x05\0\0'
	capture debian13-systemd257-reload-softreboot-reboot "$end"
} | seed message/life-told
seeds message '' \
	"\x00\x00\x04READY=1${end}READY=1\nSTATUS=Ready.${end}" \
	"\x00\x00\x00X_SYSTEMD_SIGNALS_LEVEL=2${end}READY=1${end}t${end}READY=1${end}" \
	"\x01\x00\x00X_SYSTEMD_UNIT_ACTIVE=emergency.target${end}READY=1${end}t${end}X_SYSTEMD_UNIT_INACTIVE=emergency.target${end}X_SYSTEMD_UNIT_ACTIVE=basic.target${end}" \
	"\x07\x00\x00READY=1${end}EXIT_STATUS=3\nX_SYSTEMD_SHUTDOWN=reboot${end}e\x10${end}X_SYSTEMD_HOSTNAME=a${end}READY=1${end}" \
	"\x00\x00\x00MAINPID=1\nNOTIFYACCESS=all\nFDSTORE=1\nFDNAME=x\nFDPOLL=0\nFDSTOREREMOVE=1\nWATCHDOG=trigger\nWATCHDOG_USEC=1\nRESTART_RESET=1\nMAINPIDFD=1\nMAINPIDFDID=2\nSTATUS=orders${end}" \
	"\x01\x09\x00WATCHDOG=1${end}w\x00\x00\x31${end}WATCHDOG=1${end}w\x00\x00\x32${end}WATCHDOG=1\nRELOADING=1\nMONOTONIC_USEC=1${end}READY=1${end}RELOADING=1${end}" \
	"\x20\x06\x00ERRNO=2\nBUSERROR=org.x.Y\nVARLINKERROR=a.b\nX_FUZZ=1\nX_PRE=2\nX_PREFIX=3\nX_OTHER=4${end}ERRNO=99999\nBUSERROR=a b\nX_FUZZ=\\\\\nX_PRE\x01=x${end}" \
	"\x84\x80\x00EXTEND_TIMEOUT_USEC=1${end}EXTEND_TIMEOUT_USEC=18446744073709551615${end}w\x00\xff\xff${end}EXTEND_TIMEOUT_USEC=99999999${end}EXTEND_TIMEOUT_USEC=0${end}" \
	"\x00\x00\x00STATUS=\xc3\xa9 \xf0\x9f\x98\x80 \x1b[2J \xc0\x80 \xed\xa0\x80 \xef\xbf\xbf \x7f \xc2\x85\\\\${end}STATUS=\x00${end}STATUS=a\rREADY=1${end}" \
	"\x60\x00\x00STATUS=0123456789012345678901234567890123\xc3\xa9\xc3\xa9\xc3\xa9${end}STATUS=${end}STATUS=\n\n=x\nfoo${end}" \
	"\x07\x00\x00READY=1${end}l\x10\x00X_SYSTEMD_SHUTDOWN=reboot${end}" \
	"\x05\x00\x00l\x10\x00X_SYSTEMD_UNIT_ACTIVE=basic.target${end}l\x0f\xff\xff${end}" \
	"\x21\x00\x00l\x10\x00EXIT_STATUS=255\nX_SYSTEMD_SHUTDOWN=poweroff${end}EXIT_STATUS=256\nX_SYSTEMD_SHUTDOWN=halt${end}EXIT_STATUS=1${end}" \
	"\x00\x00\x00BARRIER=1${end}BARRIER=1\n${end}BARRIER=1\nSTATUS=x${end}f\x01${end}READY=1${end}f\x02${end}READY=1${end}" \
	"\x11\x60\x02READY=1${end}e\x13${end}e\x11${end}e\x12${end}e\x05${end}e\x10${end}STOPPING=1${end}e\xc8${end}" \
	"\x00\x00\x00X_SYSTEMD_UNIT_ACTIVE=emergency.target${end}READY=1\nSTATUS=Ready.${end}e\x10${end}X_SYSTEMD_SIGNALS_LEVEL=2${end}READY=1${end}X_SYSTEMD_UNIT_ACTIVE=basic.target${end}" \
	"\x00\x04\x00READY=1\nREADY=1\nEXTEND_TIMEOUT_USEC=5\nEXTEND_TIMEOUT_USEC=6\nEXIT_STATUS=1\nEXIT_STATUS=2\nSTATUS=a\nSTATUS=b\nX_FUZZ=1\nX_FUZZ=2\nX_SYSTEMD_SHUTDOWN=poweroff${end}" \
	"\x09\x00\x01X_SYSTEMD_UNIT_ACTIVE=multi-user.target${end}READY=1${end}STATUS=User job a.service/start running (1s / no limit)...${end}" \
	"\x00\x00\x00e\x16\x07${end}READY=1${end}e\x16\x08${end}X_SYSTEMD_HOSTNAME=a${end}X_SYSTEMD_UNIT_ACTIVE=rescue.target${end}READY=1${end}X_SYSTEMD_UNIT_ACTIVE=multi-user.target${end}X_SYSTEMD_HOSTNAME=a${end}READY=1${end}" \
	"\x00\x00\x00e\x16\x07${end}e\x17\x01${end}X_SYSTEMD_UNIT_ACTIVE=shutdown.target${end}EXIT_STATUS=3\nX_SYSTEMD_SHUTDOWN=halt${end}X_SYSTEMD_SHUTDOWN=kexec${end}X_SYSTEMD_UNIT_ACTIVE=soft-reboot.target${end}" \
	"\x01\x00\x00e\x17\x02${end}X_SYSTEMD_UNIT_ACTIVE=basic.target${end}e\x05${end}READY=1${end}e\x10${end}STATUS=x${end}" \
	"\x01\x00\x00X_SYSTEMD_SIGNALS_LEVEL=2${end}X_SYSTEMD_UNIT_ACTIVE=basic.target${end}e\x0e${end}X_SYSTEMD_UNIT_ACTIVE=multi-user.target${end}w\x00\x07\xd0${end}STATUS=User job a.service/start running (1s / no limit)...${end}t${end}READY=1\nSTATUS=Ready.${end}" \
	"\x00\x00\x00e\x0e${end}READY=1${end}X_SYSTEMD_UNIT_ACTIVE=getty.target${end}t${end}t${end}X_SYSTEMD_UNIT_ACTIVE=graphical.target${end}e\x10${end}e\x0e${end}X_SYSTEMD_SHUTDOWN=reboot${end}X_SYSTEMD_UNIT_ACTIVE=graphical.target${end}t${end}"

# ---- policy: one message, as it is -------------------------------------------------------------

seeds policy '' \
	'READY=1\nSTATUS=Ready.' \
	'STATUS=(1 of 5) User job systemd-udevd.service/start running (19s / 1min 43s)...' \
	'X_SYSTEMD_UNIT_ACTIVE=multi-user.target' \
	'X_SYSTEMD_MACHINE_ID=9af6ba035cc24bb091d9753cc8bdf6f5' \
	'EXIT_STATUS=42\nX_SYSTEMD_SHUTDOWN=poweroff' \
	'EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot\nX_SYSTEMD_REBOOT_PARAMETER=x' \
	'RELOADING=1\nMONOTONIC_USEC=123456' \
	'a=1\nb\n\n=c\r\nd=\ne=f=g\n' \
	'EXTEND_TIMEOUT_USEC=18446744073709551615\nEXTEND_TIMEOUT_USEC=18446744073709551616' \
	'READY=1\x00' \
	'READY=1\x00\x00' \
	'STATUS=\xc2\x9f\xc2\xa0\xe0\x9f\xbf\xe0\xa0\x80\xed\x9f\xbf\xed\xa0\x80\xef\xb7\x8f\xef\xb7\x90\xef\xbf\xbd\xef\xbf\xbe\xf0\x8f\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\xf4\x90\x80\x80' \
	'\xf0\x9f\xbf\xbe\xf0\x9f\xbf\xbd\xe2\x82\xac\xe2\x82\xc3\xa9\xc3\\\\' \
	'MAINPID=1\nNOTIFYACCESS=all\nWATCHDOG=trigger\nFDSTORE=1\nX_FOO=1'

# ---- frame: pieces, or the waiting rule --------------------------------------------------------

seeds frame '' \
	'\x00\x14READY=1\nSTATUS=Ready.' \
	'\x00\x06READY=1\xff\x0d\nSTATUS=Ready.' \
	'\x00\x80\x0f\xffa' \
	'\x00\x80\x0f\xffa\x00b' \
	'\x00\x80\x0f\xfea\x00b\xff\x00c' \
	'\x00\x80\x08\x00a\xf0\x80\x08\x00b\xf0\x80\x00\x01c' \
	'\x00\x00\x00\xff\x00\x00' \
	'\x01\x00\x02\x00\x00\x00\x03\xe8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x27\x10\x00' \
	'\x01\x00\x01\x3f\xff\xff\xff\xff\xff\x00\x00\x00\x00\x01\x20\xff\xff\xff\xff\x00' \
	'\x01\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05' \
	'\x01\x01\x03\x00'

# ---- connection: steps; see enum act -----------------------------------------------------------

seeds connection '' \
	'\x00\x00\x04\x07READY=1\x14\x0c\x14' \
	'\x04\x00\x04\x07READY=1\x14\x0c\x14' \
	'\x00\x00\x04\x04READ\x14\x04\x03Y=1\x14\x18\x14\x0c\x14' \
	'\x00\x00\x04\x0aBARRIER=1\x14\x18\x18\x10' \
	'\x00\x00\x04\x09CARRIER=1\x14\x04\x03\nab\x14\x0c\x14\x18' \
	'\x08\x00\x04\x07READY=1\x0c\x14\x18\x18' \
	'\x08\x00\x04\x09Complete1\x14\x18\x14\x10\x18' \
	'\x02\x00\x01\x02\x04\x01a\x05\x01b\x14\x06\x01c\x14\x18\x18\x18\x0c\x0d\x0e\x14' \
	'\x00\x00\x08\x10\x00a\x14\x0c\x14' \
	'\x00\x00\x08\x0f\xffa\x14\x04\x02bc\x14\x0c\x14' \
	'\x01\x00\x18\x01\x05\x01x\x14\x18\x18\x11\x14' \
	'\x10\x00\x01\x02\x03\x07\x01x\x0f\x14\x10\x11\x12\x13' \
	'\x00\x00\x10\x00\x0c\x14\x00\x04\x01B\x18\x14\x18' \
	'\x08\x00\x04\x07READY=1\x0c\x14\x18\x1c\x18\x14\x18\x14' \
	'\x08\x1c\x00\x04\x07READY=1\x0c\x14\x1c\x01\x05\x07READY=1\x0d\x14\x18\x1c\x14'

# ---- plan: three bytes, the port, strings ended by NUL -----------------------------------------

ch='cloud-hypervisor\0--kernel\0/boot/vmlinux\0'
credential='io.systemd.credential:vmm.notify_socket=vsock-stream:2:'
seeds plan '' \
	"\x00\x00\x01\x04\xd1${ch}" \
	"\x00\x00\x05\x04\xd1${ch}--vsock\0cid=3,socket=/run/v\0--platform\0num_pci_segments=2,oem_strings=[a,b]\0" \
	"\x00\x00\x05\x04\xd1${ch}--vsock=cid=3,socket=\"/run/a,b\"\0--platform=oem_strings=[${credential}99]\0" \
	"\x01\x01\x01\x04\xd1${ch}--platform\0oem_strings=${credential}1\0" \
	"\x01\x02\x00\x04\xd1${ch}--cmdline\0root=/dev/vda quiet\0" \
	"\x01\x02\x00\x04\xd1${ch}--cmdline=systemd.set_credential=vmm.notify_socket:vsock-stream:2:77 x\0" \
	"\x01\x00\x01\x04\xd1${ch}--platform\0oem_strings=[io.systemd.credential:vmm.notify_socket=vsock:2:1]\0" \
	"\x01\x00\x01\x04\xd1${ch}--platform\0oem_strings=[io.systemd.credential:vmm.notify_socket=/run/x]\0" \
	"\x01\x00\x03\x04\xd1${ch}--platform\0oem_strings=[${credential}5]\0--vsock\0socket=/v\0" \
	"\x01\x00\x0d\x04\xd1/run/own\0${ch}--api-socket\0path=/run/api\0--event-monitor\0fd=3\0" \
	"\x01\x00\x0d\x04\xd1/run/own\0cloud-hypervisor\0--restore\0source_url=file:///x\0" \
	"\x01\x00\x01\x04\xd1cloud-hypervisor\0--api-socket=/run/api\0" \
	"\x01\x00\x01\x04\xd1${ch}--vsock\0cid=3\0" \
	"\x01\x00\x01\x04\xd1${ch}--vsock\0socket=\"unclosed\0" \
	"\x01\x00\x01\x04\xd1${ch}--platform\0[oem_strings=]]\0" \
	"\x01\x00\x01\x04\xd1${ch}--vsock\0" \
	"\x01\x00\x01\x04\xd1${ch}--vsock\0socket=\" /a \"\"b\"\" \",cid=3\0--platform\0oem_strings=[\"a,b\",c],x=\"y=z\"\0" \
	"\x01\x00\x09\x04\xd1/run/with space,and comma\"\0${ch}--cmdline\0it's \$quoted\0" \
	"\x02\x00\x10\x04\xd1{\"vsock\":{\"guest_cid\":3,\"uds_path\":\"/run/v\"},\"boot-source\":{\"boot_args\":\"quiet systemd.set_credential=vmm.notify_socket:vsock-stream:2:1234\"}}\0firecracker\0--config-file\0c\0" \
	"\x02\x00\x10\x04\xd1{\"vsock\":{}}\0firecracker\0" \
	"\x02\x00\x08\x04\xd1/run/v\0firecracker\0--api-sock\0a\0" \
	"\x03\x00\x08\x04\xd1/run/v\0qemu-system-x86_64\0-M\0microvm\0" \
	"\x00\x00\x00\x04\xd1\0" \
	"\x03\x00\x09\x04\xd1/run/v\0qemu-system-x86_64\0-smbios\0type=11,value=${credential}9\0-chardev\0socket,id=c,path=/q,server=on\0-mon\0chardev=c,mode=control\0" \
	"\x00\x00\x19\x04\xd1/run/v\0vsock-stream:2:9\0qemu-kvm\0-fw_cfg\0opt/io.systemd.credentials/vmm.notify_socket,file=f\0-qmp\0unix:/a,,b,server,nowait\0-append\0a\0" \
	"\x00\x00\x10\x04\xd1{\"vsock\":{\"uds_path\":\"/v\"}}\0sudo\0jailer\0--id\0i\0--exec-file\0/f\0--uid\01\0--\0--config-file\0c\0" \
	"\x00\x00\x11\x04\xd1{\"vsock\":{\"socket\":\"/v\"},\"payload\":{\"cmdline\":\"x\"},\"platform\":{\"oem_strings\":[\"${credential}7\"]}}\0cloud-hypervisor\0--restore\0source_url=file:///s,resume=on\0" \
	"\x00\x00\x05\x04\xd1sudo\0-u\0vm\0A=b\0ip\0netns\0exec\0blue\0numactl\0-N\00\0${ch}--no-shutdown\0--\0" \
	"\x00\x00\x05\x04\xd1env\0-S\0sh -c\0chrt\0-f\01\0systemd-run\0--scope\0${ch}" \
	"\x01\x02\x05\x04\xd1${ch}--cmdline\0a=\"b systemd.set-credential-binary='vmm.notify_socket:dnNvY2stc3RyZWFtOjI6Nzc='\0--platform\0tdx=on\0" \
	"\x01\x00\x05\x04\xd1${ch}--platform\0oem_strings=[io.systemd.credential.binary:vmm.notify_socket=dnNvY2stc3RyZWFtOjI6Nzc=]\0"

# ---- plugin_options: which, and then one string or several -------------------------------------

seeds plugin_options '' \
	'\x00' \
	'\x00ready-unit=multi-user.target' \
	'\x00ready-unit=multi-user.target,infer-ready=no,on-restore=wait,track=on,reboot=reloading,extend-start=30' \
	'\x00allow=RELOADING,WATCHDOG,X_FOO*,deny=STATUS' \
	'\x00status-prefix=VM a: b, c,max-status=100,max-extend=60,max-extend-total=120,watchdog=on' \
	'\x00allow=MAINPID,deny=NOPE,allow=' \
	'\x00a=b,c,d=e,,f=,=g' \
	'\x00key,other=value' \
	'\x00extend-start=86400,extend-start=86401,extend-start=-1' \
	'\x01--port=1234\0--framing=settle:5000000\0--max-connections\01000\0--socket-mode=0660\0/run/vsock\0' \
	'\x01--plugin=notify,a=b\0--plugin\0,\0--ready-unit\0a.target\0' \
	'\x01--frame-timeout=60min\0--log-level=debug\0--notify-socket=@x\0--\0--port\0' \
	'\x01--help\0' \
	'\x01-p\0--p\0--port\0' \
	'\x01--socket-group=0\0--dump-plugin=notify\0--port=0\0' \
	'\x02--vmm=cloud-hypervisor\0--credential=cmdline\0--stop-timeout=80s\0--extend-start=5\0--\0cloud-hypervisor\0' \
	'\x02--on-emergency=fail\0--on-restore=wait\0--reboot=reloading\0--argv0=x\0--exit-status=vmm\0--print\0--vsock=/v\0x\0' \
	'\x02--vmm=qemu\0'

many() {
	local i
	for i in {1..17}; do
		printf '%s=%s.x\0' "$1" "$i"
	done
}
printf '\1%s' "" | cat - <(many --plugin) | seed plugin_options/many-plugins
printf '\1%s' "" | cat - <(many --ready-unit) | seed plugin_options/many-keys

# ---- vmm_event: a byte, and what the VMM writes ------------------------------------------------

booted='{\n  "timestamp": {\n    "secs": 0,\n    "nanos": 34\n  },\n  "source": "vm",\n  "event": "booted",\n  "properties": null\n}\n\n'
seeds vmm_event '' \
	"\xfe${booted}" \
	"\x02${booted}{\"source\":\"vm\",\"event\":\"rebooted\"}\n\n{\"source\":\"guest\",\"event\":\"panic\"}" \
	"\x40rubbish\n{\"source\":\"vm\",\"event\":\"paused\"}{\"source\":\"vm\",\"event\":\"resumed\"}" \
	'\xfe{"source":"vm","event":' \
	'\xfe{"source":"vm","event":"restored","properties":{"a":[1,2.5e3,-0,true,false,null,"\\\\u00e9\\\\ud83d\\\\ude00"]}}' \
	'\xfe{"1":1,' \
	'\xfe{"a":"\\\\u12' \
	'\xfe[[[[[[[[[[[[[[[[1' \
	'\xfe{"source":["vm"],"event":{"event":"panic"}}' \
	'\xfe-1e999 0x1 nul "a' \
	'\xfdHTTP/1.1 204 \r\nServer: x\r\n\r\nHTTP/1.1 204 \r\n\r\n' \
	'\x01HTTP/1.1 500 \r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 204 \r\n\r\n' \
	'\xff{"QMP": {}}\r\n{"return": {}}\r\n{"event": "RESUME"}\r\n{"return": {}}\r\n{"return": {}}\r\n' \
	'\x03{"QMP": {}}\r\n{"error": {"desc": "no"}}\r\n' \
	'\x01HTTP/1.1 204 \r\n' \
	'\xffHTTP/1.0 200\r\n' \
	'\xffHTTP/1.1 500 Internal Server Error\r\n' \
	'\xffHTTP/1.1 2 4\r\n' \
	'\xffHTTP/1.1 20' \
	'\xffHTTP/1.1 204 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'

printf '\376%4200s{"source":"vm","event":"paused"}' '[' | seed vmm_event/too-long

# ---- address: a byte of flags and one text -----------------------------------------------------

long=$(printf 'a%.0s' {1..107})
seeds address '\x01' \
	'/run/systemd/notify' \
	'@abstract' \
	'vsock:2:1234' \
	'vsock:4294967295:4294967296' \
	"/${long:1}" \
	"/$long" \
	"@$long" \
	"@a$long" \
	'@' \
	'' \
	'18446744073709551615' \
	'18446744073709551616' \
	'18446744073709551615s' \
	'1' \
	'500ms' \
	'60min' \
	'0660' \
	'07777' \
	'settle:5000000' \
	'settle:5000001' \
	'vsock-peer.v1/77/3/1023/1234' \
	'vsock-peer.v1/2147483648/4294967295/04/4294967294' \
	'auto' \
	'eof'

# ---- state: a state file, as it is -------------------------------------------------------------

head='VSOCK_NOTIFY_STATE=1\n'
seeds state '' \
	"${head}NAME=vm\nVSOCK=/run/vm/vsock\nPORT=1234\nPID=11\nPID_START=12\nPID_NAMESPACE=13\nREALTIME_USEC=14\nVMM_PID=77\nSTATE=ready\nSINCE_USEC=15\nLISTENING_USEC=10\nSTARTED_USEC=11\nFIRST_USEC=12\nREADY_USEC=15\nBOOTS=1\nPAUSED=1\nSTATUS=up\nCONNECTIONS=1\nDELIVERED=0\nDROPPED=0\nREFUSED_FIELDS=1\nLOST_MESSAGES=4\nLIFE_LOST_MESSAGES=1\nHELD_USEC=6\nHELD_MAX_USEC=6\nGUEST_PORT=1000\nFIELD=12 0 X_A=a\\\\x5cb\nUNIT=13 1 a.target\nREFUSED=14 1 MAINPID\nUNITS_LOST=0\nFIELDS_LOST=0\nREFUSED_LOST=0\nHELD=5 6 7\nLOST=18\nEND=1\n" \
	"${head}STATE=stopped\nEXIT_STATUS=42\nSHUTDOWN=poweroff\nHELD=1 2 3\nHELD=4 5 6\nEND=1\n" \
	"${head}END=1\n" \
	"${head}STATE=ready\n" \
	"${head}END=1" \
	'VSOCK_NOTIFY_STATE=2\nEND=1\n' \
	'VSOCK_NOTIFY_STATE=1' \
	'READY=1\n' \
	"${head}NEW=1\nSTATUS=\xc3\xa9\\\\x1b[2J\nSTATUS=\\\\xff\x1b\nEND=1\n" \
	"${head}UNIT=18446744073709551615 1 a=b\nUNIT=1 0 \\\\x0a\nEND=1\n" \
	"${head}UNIT=1 1 a\nUNIT=1 1 a\nEND=1\n" \
	"${head}FIELD=1 0 X\\\\x3dA=1\nEND=1\n" \
	"${head}FIELD=1 0 X_A=\\\\x00\nEND=1\n" \
	"${head}EXIT_STATUS=256\nEND=1\n" \
	"${head}NAME=0123456789012345678901234567890123456789012345678901234567890123\nEND=1\n"

# Of units one more than there can be.
{
	printf '%b' "$head"
	for i in {1..65}; do
		printf 'UNIT=%s 1 %s.target\n' "$i" "$i"
	done
	printf 'END=1\n'
} | seed state/many-units
