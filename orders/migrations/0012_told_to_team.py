"""Teams hear of what is sold from now on, not of what was sold before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_money_read_back")]

    operations = [
        migrations.AddField("order", "is_told_to_team", models.BooleanField(default=True, editable=False)),
        migrations.AlterField("order", "is_told_to_team", models.BooleanField(default=False, editable=False)),
        migrations.AddIndex(
            "order",
            models.Index(fields=["event"], condition=models.Q(is_told_to_team=False), name="order_to_tell_of"),
        ),
    ]
