// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the module's files.  A file that cannot be read (trigger) is no value.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "values.h"

static bool read_text(int dir, const char *name, char *text, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, text, size - 1);
	close(fd);
	if (length < 0)
		return false;
	while (length && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct value *)a)->name,
		      ((const struct value *)b)->name);
}

/**
 * values_read() - read all files
 * @values: filled
 * @dir: directory of the module
 *
 * Return: 0 or a negative errno; -ENOENT: the module is not loaded.
 */
int values_read(struct values *values, const char *dir)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	values->count = 0;
	if (!stream)
		return -errno;
	while ((entry = readdir(stream)) && values->count < VALUES_MAX) {
		struct value *value = &values->list[values->count];

		if (entry->d_name[0] == '.' ||
		    strlen(entry->d_name) >= sizeof(value->name))
			continue;
		memcpy(value->name, entry->d_name,
		       strlen(entry->d_name) + 1);
		if (read_text(dirfd(stream), value->name, value->text,
			      sizeof(value->text)))
			values->count++;
	}
	closedir(stream);
	qsort(values->list, values->count, sizeof(values->list[0]), by_name);
	return 0;
}

/**
 * values_text() - content of a file
 * @values: as read
 * @name: of the file
 *
 * Return: "?" if a module of another version does not have it.
 */
const char *values_text(const struct values *values, const char *name)
{
	size_t i;

	for (i = 0; i < values->count; i++) {
		if (!strcmp(values->list[i].name, name))
			return values->list[i].text;
	}
	return "?";
}

/**
 * values_number() - the same as a number
 * @values: as read
 * @name: of the file
 */
unsigned long long values_number(const struct values *values, const char *name)
{
	return strtoull(values_text(values, name), NULL, 10);
}

/**
 * text_is_number() - digits only
 * @text: any text
 */
bool text_is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}
