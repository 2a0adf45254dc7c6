"""What the pages of a news site put around an article; written for this benchmark."""

HEADS = (
    "الصفحة الأولى > منوعات > تفاصيل الخبر",
    "عاجل | تابعوا آخر المستجدات على موقعنا",
    "تم التحديث 2024-05-11 الساعة 09:30",
    "القراءة في دقيقتين - حجم الخط أ أ أ",
)
TAILS = (
    "أرسل إلى صديق اطبع الصفحة أضف تعليقا",
    "مواضيع ذات صلة بهذا الخبر المزيد في هذا القسم",
    "كل الحقوق محفوظة للموقع 2024",
    "Share on Facebook Share on X Copy link Print",
)
