"""Answers to an organizer's own questions, as documents carry them."""

from rest_framework.serializers import ValidationError

MOST_ANSWERS, LONGEST_ANSWERS = 100, 100_000


class WithAnswers:
    """For serializers: `complex_field_values` is a flat object of short values, under the names that are kept."""

    def validate_complex_field_values(self, answers):
        if answers is None:
            return None
        plain = isinstance(answers, dict) and all(
            value is None or isinstance(value, bool | int | float | str) for value in answers.values()
        )
        if not plain or len(answers) > MOST_ANSWERS or len(str(answers)) > LONGEST_ANSWERS:
            raise ValidationError("Answers are an object of texts, numbers and flags.")
        return {name.replace("-", "_"): value for name, value in answers.items()}
