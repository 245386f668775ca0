
Files: usr/lib/mssbridge/java/*
Copyright: Oracle and/or its affiliates, and others
License: GPL-2 with Classpath exception
Comment: Modules of the OpenJDK that the package was built with, which the file
 usr/lib/mssbridge/java/release names; their notices are in the folder legal.
 The sources are those of that OpenJDK, on Debian of its package openjdk-17.

License: GPL-2 with Classpath exception
 On Debian systems the text of the GNU General Public License, version 2, is in
 /usr/share/common-licenses/GPL-2. The exception is in
 /usr/lib/mssbridge/java/legal/java.base.
