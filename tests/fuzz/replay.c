/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz target without libFuzzer, for any compiler: every file named, and every one in folders named, once;
 * then a number of mutations of these, the same ones each time.
 *
 *	TARGET [-n MUTATIONS] [-o FILE] FILE-OR-FOLDER...
 *
 * The inputs run in a child, which a fault may end; the input it had then is written to FILE ("finding")
 * and the line says which it was. One line a target: "ok TARGET ..." or "not ok TARGET: why".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "fuzz.h"

#define INPUTS_MAX   1024
#define INPUT_MAX    (16 * 1024)
#define MUTATIONS    20000
#define CHANGES_MAX  4
#define HANG_SECONDS 20
#define FIRST_RANDOM UINT64_C(0x9e3779b97f4a7c15)
#define ARRAY(array) (sizeof(array) / sizeof((array)[0]))

/* Where a sanitizer reports to, if there is one. */
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

struct bytes {
	uint8_t *data;
	size_t size;
	char *name;
};

static struct bytes inputs[INPUTS_MAX];
static size_t input_count;

/* What the child is at, for its parent to see. */
static struct {
	char name[512];
	long mutation; /* 0: the file as it is */
	size_t size;
	uint8_t data[INPUT_MAX];
} * current;

static void die(const char *what)
{
	dprintf(fuzz_report_fd, "%s: %s\n", what, strerror(errno));
	exit(2);
}

static void read_input(const char *path)
{
	struct bytes *input = &inputs[input_count];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 || input_count == INPUTS_MAX)
		die(path);
	input->data = malloc(INPUT_MAX);
	input->name = strdup(path);
	if (!input->data || !input->name)
		die(path);
	n = read(fd, input->data, INPUT_MAX);
	if (n < 0)
		die(path);
	input->size = (size_t)n;
	input_count++;
	close(fd);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A folder's files in the order of their names, not of the disk. */
static void read_inputs(const char *path)
{
	struct dirent **entries;
	struct stat status;
	int n;

	if (stat(path, &status) < 0)
		die(path);
	if (!S_ISDIR(status.st_mode)) {
		read_input(path);
		return;
	}
	n = scandir(path, &entries, NULL, by_name);
	if (n < 0)
		die(path);
	for (int i = 0; i < n; i++) {
		char file[sizeof(current->name)];

		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			read_input(file);
		free(entries[i]);
	}
	free(entries);
}

/* xorshift, 64 bits (G. Marsaglia, 2003). */
static uint64_t random_state = FIRST_RANDOM;

static size_t below(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return limit ? random_state % limit : 0;
}

/* Puts n bytes at a place, in a buffer of INPUT_MAX. */
static size_t insert(uint8_t *data, size_t size, size_t at, const uint8_t *bytes, size_t n)
{
	if (size + n > INPUT_MAX)
		return size;
	memmove(data + at + n, data + at, size - at);
	memcpy(data + at, bytes, n);
	return size + n;
}

/* One change, of which a parser may mind each. Returns the new size. */
static size_t change(uint8_t *data, size_t size)
{
	static const uint8_t telling[] =
		"\0\n\r=,:\"[]{}'\\%1209 \t-@X_\x7f\x80\x9f\xc2\xed\xf4\xfe\xff";
	const struct bytes *other = &inputs[below(input_count)];
	size_t at = below(size), n = below(size - at + 1), from;
	uint8_t copy[256];

	switch (below(7)) {
	case 0:
		if (size)
			data[at] ^= (uint8_t)(1 << below(8));
		return size;
	case 1:
		if (size)
			data[at] = telling[below(sizeof(telling) - 1)];
		return size;
	case 2:
		return insert(data, size, at, &telling[below(sizeof(telling) - 1)], 1);
	case 3:
		memmove(data + at, data + at + n, size - at - n);
		return size - n;
	case 4:
		n = n < sizeof(copy) ? n : sizeof(copy);
		memcpy(copy, data + at, n);
		return insert(data, size, below(size + 1), copy, n);
	case 5:
		from = below(other->size);
		n = below(other->size - from + 1);
		return insert(data, size, at, other->data + from, n);
	default:
		return at;
	}
}

static void run_one(void)
{
	/* Exactly as long, so that a sanitizer sees a byte read too many. */
	uint8_t *copy = malloc(current->size ? current->size : 1);

	if (!copy)
		die("malloc");
	memcpy(copy, current->data, current->size);
	alarm(HANG_SECONDS);
	LLVMFuzzerTestOneInput(copy, current->size);
	free(copy);
}

static void take(const struct bytes *input, long mutation)
{
	snprintf(current->name, sizeof(current->name), "%s", input->name);
	current->mutation = mutation;
	memcpy(current->data, input->data, input->size);
	current->size = input->size;
}

static unsigned count_fds(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* All that a target writes is of no interest, but for what fuzz_report_fd has. */
static void be_quiet(void)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0 ||
	    dup2(nowhere, STDERR_FILENO) < 0)
		die("/dev/null");
	close(nowhere);
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)fuzz_report_fd);
}

static void run_all(long mutations)
{
	unsigned fds = 0;

	be_quiet();
	for (size_t i = 0; i < input_count; i++) {
		take(&inputs[i], 0);
		run_one();
		/* What a target opens once, its first input has opened. */
		if (i == 0)
			fds = count_fds();
	}
	for (long i = 1; i <= mutations; i++) {
		take(&inputs[below(input_count)], i);
		for (size_t changes = 1 + below(CHANGES_MAX); changes > 0; changes--)
			current->size = change(current->data, current->size);
		run_one();
	}
	FUZZ_CHECK(count_fds() == fds);
}

static void keep_finding(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, current->data, current->size) != (ssize_t)current->size)
		die(path);
	close(fd);
}

static int report(const char *target, const char *finding, int status, long mutations)
{
	if (status == 0) {
		printf("ok %s: %zu files, %ld mutations\n", target, input_count, mutations);
		return EXIT_SUCCESS;
	}
	keep_finding(finding);
	printf("not ok %s: %s %d by %s, mutation %ld: see %s\n", target,
	       WIFSIGNALED(status) ? "signal" : "exit status",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), current->name,
	       current->mutation, finding);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *target = slash ? slash + 1 : argv[0], *finding = "finding";
	long mutations = MUTATIONS;
	int option, status = 0;
	pid_t child;

	while ((option = getopt(argc, argv, "n:o:")) >= 0) {
		if (option == 'n')
			mutations = strtol(optarg, NULL, 10);
		else if (option == 'o')
			finding = optarg;
		else
			return 2;
	}
	fuzz_report_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	current = mmap(NULL, sizeof(*current), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	               -1, 0);
	if (fuzz_report_fd < 0 || current == MAP_FAILED)
		die("no memory");
	for (int i = optind; i < argc; i++)
		read_inputs(argv[i]);
	if (input_count == 0) {
		printf("not ok %s: no input\n", target);
		return EXIT_FAILURE;
	}
	child = fork();
	if (child == 0) {
		run_all(mutations);
		exit(EXIT_SUCCESS);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		die("child");
	return report(target, finding, status, mutations);
}
