/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Intrusive doubly linked list of the mock host.  No locking of its own.
 */
#ifndef DXG_MOCK_LIST_H
#define DXG_MOCK_LIST_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct list - list head, or link inside an element
 * @prev: previous link
 * @next: next link
 */
struct list {
	struct list *prev;
	struct list *next;
};

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define list_first_entry(head, type, member) \
	container_of((head)->next, type, member)

/**
 * struct list_iter - state of a walk
 * @head: list head
 * @next: what comes next
 */
struct list_iter {
	struct list *head;
	struct list *next;
};

static inline struct list_iter list_iterate(const struct list *head)
{
	return (struct list_iter) { (struct list *)head, head->next };
}

static inline struct list *list_iter_next(struct list_iter *iter)
{
	struct list *pos = iter->next;

	if (pos == iter->head)
		return NULL;
	iter->next = pos->next;
	return pos;
}

/*
 * Walk over a list; @pos, an identifier, may be removed and freed inside the
 * loop and is NULL behind it.
 */
#define list_for_each(pos, list) \
	for (struct list_iter iter_##pos = list_iterate(list); \
	     ((pos) = list_iter_next(&iter_##pos));)

static inline void list_init(struct list *head)
{
	head->prev = head;
	head->next = head;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list *entry, struct list *head)
{
	entry->prev = head->prev;
	entry->next = head;
	head->prev->next = entry;
	head->prev = entry;
}

/* Safe to call again on an entry that is not on a list. */
static inline void list_del(struct list *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	list_init(entry);
}

#endif /* DXG_MOCK_LIST_H */
