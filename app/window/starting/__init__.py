"""What the Start and Queue pages are about: Qt objects without a picture, which outlive the pages.

A page is taken down when the theme changes. What is written, what is being started and what is being
rehearsed goes on here, and the page that is made next shows it.
"""
