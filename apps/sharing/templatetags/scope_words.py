"""What a link shows, in words."""

from django import template

from apps.sharing.links import words

register = template.Library()

register.filter("days_of", words.days_of)
register.filter("sections_of", words.sections_of)
register.filter("left_out_of", words.left_out_of)
