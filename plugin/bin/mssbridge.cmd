@echo off
rem Starts mssbridge on Windows, from the folder of an unpacked release.
rem   JAVA_HOME       the Java to use, 17 or newer; else the one on the PATH
rem   MSSBRIDGE_OPTS  more options for the JVM, such as -Xmx4g
rem Exit status 3: there is no Java, or Java could not start the program.
setlocal DisableDelayedExpansion
for %%I in ("%~dp0..") do set "root=%%~fI"
set "jar=%root%\program\mssbridge.jar"
if not exist "%jar%" (
  >&2 echo mssbridge: "%jar%" is missing: unpack the release again
  exit /b 3
)

set "java=java.exe"
if exist "%root%\java\bin\java.exe" set "java=%root%\java\bin\java.exe"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
"%java%" --version >nul 2>&1
if errorlevel 1 (
  >&2 echo mssbridge: needs Java 17 or newer: install it, or set JAVA_HOME
  exit /b 3
)

rem Wireshark's installer does not put tshark on the PATH.
set "PATH=%PATH%;%ProgramFiles%\Wireshark"
if not defined LOCALAPPDATA set "LOCALAPPDATA=%TEMP%"
"%java%" -XX:+UseSerialGC "-Dmssbridge.home=%root%" "-Dmssbridge.lua=%root%\lua" ^
  "-Dmssbridge.cache=%LOCALAPPDATA%\mssbridge" -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ^
  %MSSBRIDGE_OPTS% -jar "%jar%" %*
exit /b %ERRORLEVEL%
